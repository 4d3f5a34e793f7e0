import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import webhooks from '@octokit/webhooks-examples';
import { Agent, request } from 'undici';
import * as z from 'zod';
import { DEMO_REPOSITORY } from '../../cli/up/demo.ts';

export interface DoorOptions {
  readonly url: string;
  readonly secret: string;
  /** bytes of a body */
  readonly bytes: number;
}

/** The door's answers so far. */
export interface Answers {
  /** the ids of the deliveries that were answered with 202 */
  readonly accepted: string[];
  /** milliseconds from the moment at which a delivery was due to its answer, of every answer */
  readonly latencies: number[];
  /** how many were answered otherwise, or not within the time of a git host */
  refused: number;
}

export interface Door {
  readonly answers: Answers;
  /** sends a delivery that was due then (`performance.now()`) */
  send(due: number): Promise<void>;
  close(): Promise<void>;
}

// A git host hangs up then: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
const GIVES_UP_MS = 10_000;
// A git host has many connections at once.
const CONNECTIONS = 256;

/** A git host that sends signed deliveries which a rule takes and ignores: stars of the demo's repository. */
export function openDoor({ url, secret, bytes }: DoorOptions): Door {
  const answers: Answers = { accepted: [], latencies: [], refused: 0 };
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const post = async (id: string, body: string): Promise<boolean> => {
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'star',
      'x-github-delivery': id,
      'x-github-enterprise-host': 'localhost',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const signal = AbortSignal.timeout(GIVES_UP_MS);
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
    await answer.body.dump();
    return answer.statusCode === 202;
  };
  const send = async (due: number): Promise<void> => {
    const id = randomUUID();
    const isAccepted = await post(id, starOf(id, bytes)).catch(() => false);
    answers.latencies.push(performance.now() - due);
    if (isAccepted) answers.accepted.push(id);
    else answers.refused += 1;
  };
  return { answers, send, close: () => dispatcher.close() };
}

const examplesSchema = z.array(z.object({ name: z.string(), examples: z.array(z.looseObject({})) }));
const stars = examplesSchema.parse(webhooks).find(({ name }) => name === 'star')?.examples ?? [];
const { repository: exampleRepository, ...example } = stars[0] ?? {};

/**
 * A star as GitHub sends it, made that many bytes long by a text that no two deliveries have in common. The text can be
 * compressed to a quarter, as the rest of it can.
 */
function starOf(id: string, bytes: number): string {
  const repository = { ...Object(exampleRepository), full_name: DEMO_REPOSITORY };
  const star = (description: string): string =>
    JSON.stringify({ ...example, repository: { ...repository, description }, delivery: id });
  const more = Math.max(0, bytes - star('').length);
  return star(
    randomBytes(more)
      .toString('hex')
      .slice(0, more / 2)
      .padEnd(more, ' '),
  );
}
