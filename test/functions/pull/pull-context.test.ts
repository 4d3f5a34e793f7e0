import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newPullContext, withHome } from '../../../functions/pull/pull-context.ts';
import { temporaryFolder } from '../../../local/testing.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';
import { inputOf } from '../../support/functions/pull-here.ts';

const ENDS = ['SIGTERM', 'SIGINT', 'exit'] as const;
const listeners = () => ENDS.map((event) => process.listenerCount(event));

describe('the folder of a pull', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is there while it is used, and gone with all that it holds', async () => {
    const before = listeners();
    const [home, used] = await withHome(async (folder) => {
      await writeFile(join(folder, 'deploy-key'), 'key');
      expect(listeners()).toEqual(before.map((count) => count + 1));
      return [folder, existsSync(folder)];
    });
    expect([used, existsSync(String(home))]).toEqual([true, false]);
    expect(String(home)).toMatch(/hookline-pull-/);
    expect(listeners()).toEqual(before);
  });

  it('is gone where its use has failed', async () => {
    let home = '';
    const failed = withHome(async (folder) => {
      home = folder;
      throw new Error('failed');
    });
    await expect(failed).rejects.toThrow('failed');
    expect(existsSync(home)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is gone before %s ends the program', async (signal) => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
    await withHome(async (home) => {
      const leave = process.listeners(signal).at(-1);
      leave?.(signal);
      expect(existsSync(home)).toBe(false);
      expect(kill.mock.calls).toEqual([[process.pid, signal]]);
    });
  });

  it('is gone when the program exits', async () => {
    await withHome(async (home) => {
      // also where a signal has removed it before
      for (const _ of ['once', 'twice']) process.listeners('exit').at(-1)?.(0);
      expect(existsSync(home)).toBe(false);
    });
  });
});

describe('the context of a pull', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await startAws();
    stubAwsEnvironment(aws.endpoint);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await aws?.close();
  });

  it('has the way to the repository, by the settings and the credential of its host', async () => {
    aws.hosts = { git: { provider: 'github', url: 'https://git.example.com' } };
    aws.credentials = { git: { token: 'the-token' } };
    const home = temporaryFolder().path;
    const input = inputOf();
    const { git, remote, access, input: own } = await newPullContext(input, home);
    expect([git.home, own]).toEqual([home, input]);
    expect(remote.url).toBe('https://git.example.com/acme/app.git');
    expect(access.host.url).toBe('https://git.example.com');
    const [[, header] = []] = (await remote.authorization?.()) ?? [];
    expect(header).toBe(`Authorization: Basic ${Buffer.from('x-access-token:the-token').toString('base64')}`);
  });
});
