import { describe, expect, it } from 'vitest';
import { executionMs, messageParts } from '../../operate/format.ts';

const link = 'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/a(b';

describe('the parts of a message', () => {
  it.each([
    ['no repository acme/ghost', 'no repository acme/ghost', ''],
    [`it is gone (build p:1, ${link})`, 'it is gone', `build p:1, ${link}`],
    [
      'no room (build p:1, no log); it was built 3 times since noon',
      'no room; it was built 3 times since noon',
      'build p:1, no log',
    ],
    [
      `it was not found (git: remote: none (here); fatal: it) (build p:1, ${link})`,
      'it was not found',
      `git: remote: none (here); fatal: it\nbuild p:1, ${link}`,
    ],
    ['git failed\nfatal: one\nfatal: two', 'git failed', 'fatal: one\nfatal: two'],
    [`git failed (build p:1, ${link})\nfatal: one`, 'git failed', `build p:1, ${link}\nfatal: one`],
    ['{"BuildStatus":"FAILED"}', '', '{"BuildStatus":"FAILED"}'],
    ['', '', ''],
  ])('of %j are what was wrong, and where that was seen', (message, sentence, details) =>
    expect(messageParts(message)).toEqual({ sentence, details }),
  );
});

describe('how long an execution took', () => {
  const row = {
    claimedAt: '2026-01-31T09:00:01.000Z',
    receivedAt: '2026-01-31T09:00:00Z',
    updatedAt: '2026-01-31T09:00:03.500Z',
    replayName: '',
  };
  const ended = { startedAt: '2026-01-31T09:00:00.500Z', endedAt: '2026-01-31T09:00:04.000Z' };
  const now = Date.parse('2026-01-31T09:01:01.000Z');

  it.each([
    ['ended, as a list has it', row, ended, 2500],
    ['runs, until now', row, { startedAt: ended.startedAt }, 60_000],
    ['was never claimed, by its own times', { ...row, claimedAt: '' }, ended, 3500],
  ])('of one that %s', (_title, of, execution, ms) => expect(executionMs(of, execution, now)).toBe(ms));
});
