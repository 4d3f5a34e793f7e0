import { expect, it } from 'vitest';
import { mayPass } from '../../../functions/shared/may-pass.ts';

it.each([
  ['HostUnreachable', 'x', true],
  ['GitKilled', 'x', true],
  ['PullFailed', 'SlowDown: x', true],
  ['PullFailed', 'Lambda.TooManyRequestsException: x', true],
  ['PullFailed', 'x SlowDown: y', false],
  ['PullFailed', 'SlowDown', false],
  ['DiskFull', 'SlowDown: x', false],
  ['RepositoryMissing', 'x', false],
])('%s with the message %j may pass: %s', (name, message, passes) => {
  expect(mayPass({ name, message })).toBe(passes);
});
