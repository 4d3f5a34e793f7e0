import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errors, type HooklineError, pullExitStatus } from '../../../functions/shared/errors.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const pulled = vi.hoisted(() => ({ by: async (): Promise<unknown> => undefined }));
vi.mock('../../../functions/pull/input.ts', () => ({
  readInput: () => ({ exports: process.env.HOOKLINE_EXPORTS }),
}));
vi.mock('../../../functions/pull/pull.ts', () => ({ pull: () => pulled.by() }));

const RESULT = {
  outcome: 'gone',
  token: '1',
  commit: 'c',
  tip: '',
  key: '',
  versionId: '',
  tipKey: '',
  bytes: '',
};

describe('the program of the pull', () => {
  let said: string;
  const status = process.exitCode;
  const before = process.listeners('uncaughtException');
  beforeEach(() => {
    said = '';
    vi.resetModules();
    vi.stubEnv('TZ', 'Asia/Tokyo');
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    for (const listener of process.listeners('uncaughtException'))
      if (!before.includes(listener)) process.off('uncaughtException', listener);
  });

  /** @returns the status that it ends with */
  const run = async (by: () => Promise<unknown>) => {
    pulled.by = by;
    process.exitCode = undefined;
    try {
      await import('../../../functions/pull/index.ts');
      return process.exitCode;
    } finally {
      process.exitCode = status;
    }
  };

  it('writes what it has pulled, in universal time', async () => {
    const exports = join(temporaryFolder().path, 'exports');
    vi.stubEnv('HOOKLINE_EXPORTS', exports);
    expect(await run(async () => ({ ...RESULT, subject: process.env.TZ }))).toBeUndefined();
    expect(await readFile(exports, 'utf8')).toMatch(/HOOKLINE_OUTCOME='gone'\n[\s\S]*HOOKLINE_SUBJECT='UTC'/);
    expect(said).toBe('');
  });

  it.each([
    [
      (Known: typeof HooklineError) => new Known(errors.commitUnreachable, 'the words'),
      'CommitUnreachable',
      'the words',
    ],
    [(Known: typeof HooklineError) => new Known(errors.hostUnknown, 'a\nb'), 'HostUnknown', 'a\\x0ab'],
    [
      (Known: typeof HooklineError) => new Known(errors.malformed, 'the words'),
      'PullFailed',
      'Malformed: the words',
    ],
    [() => new TypeError('no such'), 'PullFailed', 'TypeError: no such'],
    [() => 'thrown', 'PullFailed', 'thrown'],
    [() => new Error('secret-of-a-host'), 'PullFailed', 'Error: ***'],
    [
      () => new Error('ENOSPC: no space'),
      'DiskFull',
      'Error: ENOSPC: no space; give the rule `pull: { compute: ec2 }`, whose disk is larger',
    ],
    [
      () => new Error('write EDQUOT'),
      'DiskFull',
      'Error: write EDQUOT; give the rule `pull: { compute: ec2 }`, whose disk is larger',
    ],
    [() => new Error('ENOSPCX'), 'PullFailed', 'Error: ENOSPCX'],
    [
      () => Object.assign(new Error('connect x'), { $metadata: {}, code: 'ECONNREFUSED' }),
      'PullFailed',
      'ServiceUnavailable: a service of AWS could not be reached: connect x',
    ],
  ])('ends with the status that names its error, case %#', async (error, name, words) => {
    const [{ hide }, { HooklineError }] = await Promise.all([
      import('../../../functions/pull/log.ts'),
      import('../../../functions/shared/errors.ts'),
    ]);
    hide('secret-of-a-host');
    const ended = await run(async () => {
      throw error(HooklineError);
    });
    const named = Object.entries(pullExitStatus).find(([each]) => each === name)?.[1];
    expect([ended, said]).toEqual([named ?? pullExitStatus.PullFailed, `${name}: ${words}\n`]);
  });

  it('names an error that nobody has caught', async () => {
    await run(async () => RESULT);
    const exits: unknown[] = [];
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      exits.push(code);
      throw new Error('exit');
    });
    const listener = process.listeners('uncaughtException').find((each) => !before.includes(each));
    expect(() => listener?.(new Error('late'), 'uncaughtException')).toThrow('exit');
    expect(exits).toEqual([pullExitStatus.PullFailed]);
    expect(said).toMatch(/PullFailed: Error: late\n$/);
  });
});
