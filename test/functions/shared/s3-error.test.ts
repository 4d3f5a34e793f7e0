import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { repairPointer } from '../../../functions/shared/pointer.ts';
import { sdkErrors } from '../../../statemachine/service-errors.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';

let [s3, status]: [Server | undefined, number] = [undefined, 0];
beforeAll(async () => {
  s3 = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
  await once(s3, 'listening');
  const { port } = s3.address() as AddressInfo;
  stubAwsEnvironment(`http://127.0.0.1:${port}`, { AWS_MAX_ATTEMPTS: '1' });
});
afterAll(() => {
  vi.unstubAllEnvs();
  s3?.close();
});

/** What a step throws that looks at a pointer: the answer to a HEAD has no body. */
async function failure(answer: number): Promise<Error> {
  status = answer;
  return repairPointer('git.test/acme/app/1/refs/heads/main.zip').then(
    () => expect.unreachable('S3 has refused it'),
    (error: Error) => error,
  );
}

it.each([500, 503])(
  'a look at an object that S3 answers with %i is made again by the machine',
  async (code) => {
    const error = await failure(code);
    expect(sdkErrors).toContain(error.name);
    expect(error.message).toBe(`S3 answered ${code} Unknown`);
  },
);

it('a look at an object that S3 forbids is not', async () => {
  expect(sdkErrors).not.toContain((await failure(403)).name);
});
