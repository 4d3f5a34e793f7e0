import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pushDemo } from '../../../cli/up/demo.ts';
import { type RunningHost, startHost, TOKEN } from '../../support/git-host.ts';

let host: RunningHost;
beforeEach(async () => {
  host = await startHost();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await host.remove();
});

describe('the demo', () => {
  it('the demo is pushed without its token among the arguments of git, which every process may read', async () => {
    const [bin, log] = [join(host.directory, 'bin'), join(host.directory, 'calls')];
    await mkdir(bin);
    const noting = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nPATH=\${PATH#*:} exec git "$@"\n`;
    await writeFile(join(bin, 'git'), noting, { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    const commit = await pushDemo(host.clone('hookline/demo'), join(host.directory, 'demo'));
    const calls = await readFile(log, 'utf8');
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(calls).toContain(`push --quiet ${host.url}/hookline/demo.git`);
    expect(calls).not.toContain(TOKEN);
  });
});
