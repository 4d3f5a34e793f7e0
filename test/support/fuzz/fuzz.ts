import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { createRepository } from '../repository.ts';
import { DOORS, type Target } from './doors.ts';
import { type RawRequest, rawAnswer } from './raw-request.ts';

// What is not there is said by 501. CONNECT and the like, which Node itself refuses, are not tried.
const CRASHED = /^HTTP\/1\.1 50[0234]/;
const TRACE = /\n {4}at |node_modules|\.ts:\d+/;

/** Why an answer is none that a stranger may get; undefined for one that is right. */
function wrongWith(answer: string): string | undefined {
  if (!/^HTTP\/1\.1 \d{3}/.test(answer)) return 'no answer';
  if (CRASHED.test(answer)) return 'an answer of a crash';
  return TRACE.test(answer) ? 'a stack trace' : undefined;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
}

/** Sends requests to a door. @throws with the seed and the smallest request that is answered as none may be */
export async function fuzz(target: Target, door: string, { seed, runs }: FuzzOptions): Promise<void> {
  const port = Number(new URL(target.outputs.webhookUrl).port);
  const requests = DOORS[door];
  if (!requests) throw new Error(`there is no door ${door}: ${Object.keys(DOORS).join(', ')}`);
  const property = fc.asyncProperty(requests(target), async (request) => {
    const answer = await admitted(port, request);
    const wrong = wrongWith(answer);
    if (wrong !== undefined) throw new Error(`${wrong}: ${answer.slice(0, SHOWN)}`);
  });
  await fc.assert(property, { seed, numRuns: runs });
}

const SHOWN = 2000;

/** The answer once the door's throttle lets the request through. */
async function admitted(port: number, request: RawRequest): Promise<string> {
  for (;;) {
    const answer = await rawAnswer(port, request);
    if (!answer.startsWith('HTTP/1.1 429')) return answer;
    await wait(THROTTLED_MS);
  }
}

const THROTTLED_MS = 50;

/** Makes the repository that most requests are about. */
export async function pushSome({ outputs, secrets }: Target): Promise<void> {
  const repository = await createRepository();
  await repository.commit({ 'a.txt': 'a\n' });
  const url = new URL(`${outputs.gitUrl}/acme/app.git`);
  url.username = 'test';
  url.password = secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main', 'HEAD:refs/heads/topic');
  await repository.remove();
}
