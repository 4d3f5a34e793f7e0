import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diagnose, diagnoseSchema } from '../../functions/diagnose/diagnose.ts';
import { pullExitStatus } from '../../functions/shared/errors.ts';
import { retryAfterText } from '../../functions/shared/retry-after-text.ts';
import { type ErrorName, errors } from '../../statemachine/errors.ts';
import type { Diagnosis } from '../../statemachine/payloads.ts';
import { answeredCalls } from '../support/functions/answer-calls.ts';

const answers = answeredCalls();
let logged: string[] = [];
beforeEach(() => {
  logged = [];
  answers.GetLogEvents = () => ({ events: logged.map((message) => ({ message })) });
});
afterEach(() => void vi.useRealTimers());

const NOW = '2026-01-01T12:00:00.000Z';

/** A failed build as Step Functions hands it on. */
function build(more: object, ...messages: string[]): { Error: string; Cause: string } {
  const Phases = [
    { PhaseType: 'BUILD', PhaseStatus: 'FAILED', Contexts: messages.map((Message) => ({ Message })) },
  ];
  const Logs = { GroupName: 'g', StreamName: 's', DeepLink: 'https://logs' };
  const Build = { Id: 'pull:1', BuildStatus: 'FAILED', Logs, Phases, ...more };
  return { Error: 'States.TaskFailed', Cause: JSON.stringify({ Build }) };
}

/** A pull that ended by an error of its own, with what it says. */
function ended(name: ErrorName, message = 'as it is'): { Error: string; Cause: string } {
  logged = ['Cloning', `${name}: ${message}`];
  const status = pullExitStatus[name];
  return build({}, `Error while executing command: node pull.js. Reason: exit status ${status}`);
}

/** @param last what the function has answered before, as the machine hands it on */
const after = (pullError: object, last?: object, pull?: object): Promise<Diagnosis> => {
  const error = last && 'mergeSince' in last ? { ...last, more: last } : last;
  return diagnose(diagnoseSchema.parse({ state: { pullError, error, pull } }));
};

describe('a pull is begun again', () => {
  it.each([errors.hostUnreachable, errors.packDamaged, errors.gitKilled])('after %s', async (name) => {
    expect(await after(ended(name))).toMatchObject({ Error: name, again: true, attempts: 1 });
  });

  it('after an error of AWS that may pass, which the pull has no name for', async () => {
    const failed = ended(errors.pullFailed, 'ProvisionedThroughputExceededException: slow down');
    expect(await after(failed)).toMatchObject({ Error: 'PullFailed', again: true });
  });

  it.each([
    ['BuildKilled', build({}, 'exit status 137'), 'compute: ec2'],
    ['BuildFault', build({ BuildStatus: 'FAULT' }), 'AWS Health'],
    [
      'BuildLimit',
      build({ BuildStatus: 'TIMED_OUT', Phases: [{ PhaseType: 'QUEUED', PhaseStatus: 'TIMED_OUT' }] }),
      'L-1DFDD5F9',
    ],
    [
      'BuildLimit',
      {
        Error: 'CodeBuild.AccountLimitExceededException',
        Cause: 'Cannot have more than 300 builds in queue for the account',
      },
      'L-1DFDD5F9',
    ],
    [
      'CodeBuild.AWSCodeBuildException',
      { Error: 'CodeBuild.AWSCodeBuildException', Cause: 'Rate exceeded' },
      '',
    ],
  ])('after %s', async (name, failed, advice) => {
    const diagnosis = await after(failed);
    expect(diagnosis).toMatchObject({ Error: name, again: true });
    expect(diagnosis.Cause).toContain(advice);
  });
});

describe('a pull is not begun again', () => {
  it.each([
    errors.repositoryMissing,
    errors.credentialRefused,
    errors.commitUnreachable,
    errors.refInvalid,
    errors.hostUnknown,
    errors.hostUntrusted,
    errors.misconfigured,
    errors.diskFull,
    errors.artifactTooLarge,
    errors.lfsObjectMissing,
    errors.objectRefused,
    errors.submoduleNotAllowed,
    errors.submoduleLimit,
    errors.mergeConflict,
    errors.pullFailed,
  ])('after %s', async (name) => {
    expect(await after(ended(name))).toMatchObject({ Error: name, again: false });
  });

  it.each([
    ['a quota of 0', 'CodeBuild.AccountLimitExceededException', 'Cannot have more than 0 builds in queue'],
    ['a missing grant', 'CodeBuild.AWSCodeBuildException', 'role/x is not authorized to perform StartBuild'],
    ['an error of CodeBuild that stays', 'CodeBuild.ResourceNotFoundException', 'no project'],
  ])('after %s', async (_what, name, Cause) => {
    expect(await after({ Error: name, Cause })).toMatchObject({ again: false });
  });

  it('after a build that was stopped or took too long', async () => {
    for (const BuildStatus of ['STOPPED', 'TIMED_OUT'])
      expect(await after(build({ BuildStatus }))).toMatchObject({ Error: 'PullFailed', again: false });
    expect((await after(build({ BuildStatus: 'TIMED_OUT' }, 'BUILD: timed out'))).Cause).toMatch(
      /^the build did not end in its time, .*compute: ec2.*: BUILD: timed out \(build pull:1/,
    );
    expect((await after(build({ BuildStatus: 'STOPPED' }, 'stopped'))).Cause).toMatch(/^stopped/);
  });
});

describe('the time until then', () => {
  it('is ten minutes for a merge that the host does not make', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    const first = await after(ended(errors.mergeMissing));
    expect(first).toMatchObject({ Error: 'MergeMissing', again: true });
    vi.setSystemTime(Date.parse(NOW) + 9 * 60_000);
    expect(await after(ended(errors.mergeMissing), first)).toMatchObject({ again: true });
    vi.setSystemTime(Date.parse(NOW) + 10 * 60_000);
    expect(await after(ended(errors.mergeMissing), first)).toMatchObject({ again: false });
  });

  it('is ten minutes for a merge from when it was first missed, whatever failed before', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    const minute = (minutes: number) => vi.setSystemTime(Date.parse(NOW) + minutes * 60_000);
    const away = await after(ended(errors.hostUnreachable));
    expect(away).toMatchObject({ since: NOW, mergeSince: '' });
    minute(12);
    const missed = await after(ended(errors.mergeMissing), away);
    expect(missed).toMatchObject({ again: true, since: NOW, mergeSince: '2026-01-01T12:12:00.000Z' });
    minute(15);
    const again = await after(ended(errors.hostUnreachable), missed);
    expect(again).toMatchObject({ again: true, mergeSince: missed.mergeSince });
    minute(21);
    expect(await after(ended(errors.mergeMissing), again)).toMatchObject({ again: true });
    minute(22);
    expect(await after(ended(errors.mergeMissing), again)).toMatchObject({ again: false });
  });

  it('ends ten minutes after a merge that was first missed at the end of the two hours, whatever fails in turn', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    const names = [errors.hostUnreachable, errors.mergeMissing];
    let last = await after(ended(errors.hostUnreachable));
    vi.setSystemTime(Date.parse(NOW) + 119 * 60_000);
    for (let turn = 1; last.again; turn++) {
      last = await after(ended(names[turn % 2] ?? errors.mergeMissing), last);
      vi.setSystemTime(Date.now() + 30_000);
    }
    expect(Date.now() - Date.parse(NOW)).toBeLessThan(130 * 60_000);
  });

  it('begins anew once the delivery has given way to a newer one', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    const before = await after(ended(errors.hostUnreachable));
    vi.setSystemTime(Date.parse(NOW) + 3 * 3600_000);
    const first = await after(ended(errors.hostUnreachable), before, { token: '5' });
    expect(first).toMatchObject({ again: true, attempts: 1, since: '2026-01-01T15:00:00.000Z' });
    vi.setSystemTime(Date.parse(NOW) + 5 * 3600_000);
    expect(await after(ended(errors.hostUnreachable), first, { token: '5' })).toMatchObject({
      ...{ again: false, attempts: 2, since: first.since },
    });
  });

  it('is that of the first failure for a merge too, where the machine of the release before keeps no other', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    const before = { attempts: 1, since: new Date(Date.now() - 11 * 60_000).toISOString() };
    expect(await after(ended(errors.mergeMissing), before)).toMatchObject({ again: false });
  });

  it('is two hours from the first failure, in builds that come less and less often', async () => {
    vi.useFakeTimers({ now: Date.parse(NOW), toFake: ['Date'] });
    let diagnosis = await after(ended(errors.hostUnreachable));
    expect(diagnosis.since).toBe(NOW);
    const waits: number[] = [];
    for (; diagnosis.again; diagnosis = await after(ended(errors.hostUnreachable), diagnosis)) {
      waits.push(diagnosis.seconds);
      vi.setSystemTime(Date.now() + diagnosis.seconds * 1000);
    }
    expect(Date.now() - Date.parse(NOW)).toBeGreaterThanOrEqual(2 * 3600_000);
    expect(waits.length).toBeLessThan(40);
    expect(waits.every((seconds) => Number.isInteger(seconds) && seconds >= 8 && seconds <= 600)).toBe(true);
    expect(diagnosis).toMatchObject({ attempts: waits.length + 1, since: NOW });
    expect(diagnosis.Cause).toContain(`it was built ${waits.length + 1} times since ${NOW}`);
  });

  it('is as long as the host asks for, an hour at most', async () => {
    const asked = async (seconds: number) =>
      (await after(ended(errors.hostUnreachable, `429; ${retryAfterText(seconds)} (git: x)`))).seconds;
    expect(await asked(900)).toBeGreaterThan(900);
    expect(await asked(900)).toBeLessThanOrEqual(915);
    expect(await asked(86_400)).toBeLessThanOrEqual(3615);
  });

  it('is two minutes at most for a place at CodeBuild', async () => {
    const full = {
      Error: 'CodeBuild.AccountLimitExceededException',
      Cause: 'Cannot have more than 300 builds',
    };
    const { seconds } = await after(full, { attempts: 9, since: new Date().toISOString() });
    expect(seconds).toBeLessThanOrEqual(120);
  });
});
