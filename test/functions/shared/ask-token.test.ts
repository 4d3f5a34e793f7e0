import { beforeEach, expect, it } from 'vitest';
import { askToken } from '../../../functions/shared/ask-token.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';

const answers = answeredCalls();
const asked: unknown[] = [];
const answer = (value: unknown, FunctionError?: string) => {
  answers.Invoke = (input) => {
    asked.push(input);
    return { Payload: Buffer.from(JSON.stringify(value)), ...(FunctionError && { FunctionError }) };
  };
};
beforeEach(() => void asked.splice(0));
const ask = () => askToken('pull-token', 'github.com', { repository: 'acme/app', use: 'read' });
const failure = () => ask().then(String, String);

it('a token is asked for of the function that can mint it', async () => {
  const minted = { token: 'ghs_1', expiresAt: '2026-01-01T00:00:00Z' };
  answer(minted);
  expect(await ask()).toEqual(minted);
  const Payload = JSON.stringify({ host: 'github.com', repository: 'acme/app', use: 'read' });
  expect(asked).toEqual([{ FunctionName: 'pull-token', Payload }]);
});

it.each([{ token: '' }, { token: 'ghs_1', expiresAt: 7 }, {}])(
  'what is no token is none: %j',
  async (value) => {
    answer({ expiresAt: '2026-01-01T00:00:00Z', ...value });
    if (Object.keys(value).length === 0) answer(value);
    await expect(ask()).rejects.toThrow();
  },
);

it('the function’s error keeps its name, and one that nobody knows is that of a pull', async () => {
  const errorMessage = 'the App 5 is not installed';
  answer({ errorType: 'CredentialRefused', errorMessage }, 'Unhandled');
  expect(await failure()).toBe(`CredentialRefused: ${errorMessage}`);
  answer({ errorType: 'TypeError', errorMessage }, 'Unhandled');
  expect(await failure()).toBe(`PullFailed: TypeError: ${errorMessage}`);
  for (const wrong of [{ errorType: 'TypeError' }, { errorMessage }]) {
    answer(wrong, 'Unhandled');
    expect(await failure()).toContain('expected string, received undefined');
  }
});

it('an answer without a word is no token', async () => {
  answers.Invoke = () => ({});
  await expect(ask()).rejects.toThrow(SyntaxError);
});
