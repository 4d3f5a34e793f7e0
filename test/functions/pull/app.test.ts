import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Bench, openBench, token } from '../../support/functions/pull-program.ts';

/** What the function that mints tokens answers: the token's value, or its error. */
let answer: { token: string } | { errorType: string; errorMessage: string };
let asked: unknown[];
let lambda: Server;
let bench: Bench;
let env: Record<string, string>;
beforeAll(async () => {
  bench = await openBench();
  lambda = createServer(async (request, response) => {
    asked.push(await json(request));
    const failed = 'errorType' in answer;
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    response.writeHead(200, failed ? { 'x-amz-function-error': 'Unhandled' } : {});
    response.end(JSON.stringify(failed ? answer : { ...answer, expiresAt }));
  });
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
  const { port } = lambda.address() as AddressInfo;
  env = { TOKEN_FUNCTION: 'pull-token', AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}` };
});
beforeEach(() => {
  asked = [];
  bench.aws.credentials = { git: { app: true } };
});
afterAll(async () => {
  lambda?.closeAllConnections();
  lambda?.close();
  await bench?.close();
});

async function pushed(files: Record<string, string>): Promise<string> {
  const commit = await bench.app.commit(files);
  await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  return commit;
}

it('a pull asks for a token that reads its repository, once, and shows it to nobody', async () => {
  answer = { token };
  const run = await bench.run({ commit: await pushed({ 'a.txt': 'a' }) }, env);
  expect(run).toMatchObject({ status: 0, exports: { OUTCOME: 'pulled' } });
  expect(asked).toEqual([{ host: 'git', repository: 'acme/app', use: 'read' }]);
  expect(run.output).not.toContain(token);
});

it('a submodule of the host has a token of its own', async () => {
  answer = { token };
  const library = await bench.repository('acme/library');
  const id = await library.commit({ 'b.txt': 'b' });
  await library.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  const modules = '[submodule "library"]\n\tpath = library\n\turl = ../library.git\n';
  await pushed({ '.gitmodules': modules });
  await bench.app.git('update-index', '--add', '--cacheinfo', `160000,${id},library`);
  await bench.app.git('commit', '--quiet', '--message', 'Library');
  await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  const commit = (await bench.app.git('rev-parse', 'HEAD')).trim();
  const run = await bench.run({ commit, pull: { submodules: true } }, env);
  expect(run).toMatchObject({ status: 0 });
  expect(asked).toEqual(
    ['acme/app', 'acme/library'].map((repository) => ({ host: 'git', repository, use: 'read' })),
  );
});

it('a pull whose App may not read fails by the name of that, and one without a function says what is missing', async () => {
  const commit = await pushed({ 'c.txt': 'c' });
  answer = { errorType: 'CredentialRefused', errorMessage: 'the App 1 is not installed for acme/app' };
  const refused = await bench.run({ commit }, env);
  expect(refused.output).toContain('CredentialRefused: the App 1 is not installed for acme/app');
  expect(refused.status).toBe(72);
  const without = await bench.run({ commit });
  expect(without.output).toContain('Misconfigured: the credential of git is an App that is not there');
});
