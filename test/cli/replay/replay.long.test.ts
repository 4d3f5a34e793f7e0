import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Commanded, startCommand } from '../../support/cli/command.ts';

let on: Commanded;
beforeAll(async () => {
  on = await startCommand();
  await on.push();
});
afterAll(() => on?.remove());

const since = ['--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];

describe('hookline replay', () => {
  it('says what would match, and then runs it to its end, in lines where there is no terminal', async () => {
    expect(await on.json('replay', ...since, '--rule', 'default', '--dry-run')).toMatchObject({
      matches: { default: expect.any(Number) },
      unknown: 0,
    });
    const { stdout, stderr, exitCode } = await on.run(['replay', ...since, '--rule', 'default', '--json']);
    expect(exitCode).toBe(0);
    const { replayName, deliveries } = JSON.parse(stdout) as {
      replayName: string;
      deliveries: { replayName: string; outcome: string }[];
    };
    expect(deliveries.length).toBeGreaterThan(0);
    for (const row of deliveries)
      expect(row).toMatchObject({ replayName, outcome: expect.stringMatching(/./) });
    expect(stderr).toMatch(/^ *100 % {2}Replay completed$/m);
    expect(stderr).toMatch(/^ *100 % {2}(\d+) of \1 executions$/m);
  });

  it('refuses a span that is none, a rule that is none, and a call without a beginning', async () => {
    const [span, rule, call] = await Promise.all([
      on.run(['replay', '--from', 'soon']),
      on.run(['replay', ...since, '--rule', 'none']),
      on.run(['replay']),
    ]);
    expect(span.stderr).toContain('"soon" is not a time: write it as 2026-01-31T09:00:00Z');
    expect(span.exitCode).toBe(2);
    expect(rule.stderr).toContain('no rule none is deployed: there are default, demo');
    expect(call.exitCode).toBe(2);
  });
});
