import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';

const alarmSchema = z.object({ AlarmName: z.string(), AlarmDescription: z.string() });

// Every alarm is there where a rule has a pipeline of its own for each branch.
const RULE = `
description: it
match: { event: [push] }
pipeline: { template: acme-app, each: branch, role: pipelines }
`;

let template: Synthesized;
beforeAll(async () => {
  template = await synthesized({}, { features: RULE });
});
afterAll(async () => {
  await rm(dirname(template.assembly), { recursive: true, force: true });
});

describe('the runbook', () => {
  const page = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, heading = '']) => heading);
  const alarms = () =>
    template.of('AWS::CloudWatch::Alarm').map(([, { Properties }]) => alarmSchema.parse(Properties));

  it('has a heading of the name of every alarm, and none of an alarm that is gone', () => {
    // There is a Lost for ten rules.
    const failures = new Set(alarms().map(({ AlarmName }) => AlarmName.split(' ')[1] ?? ''));
    expect(failures.size).toBeGreaterThan(5);
    expect(headings.toSorted()).toEqual([...failures].toSorted());
  });

  it('is not what a deploy leaves to be found out: it says whether anybody is told', async () => {
    const tells = JSON.stringify(template.Outputs.AlarmsTell?.Value);
    expect(tells).toMatch(/nobody: set alarmEmail in cdk.json and deploy, or subscribe to the topic .*Ref/);
    const told = await synthesized({ alarmEmail: 'ops@example.com' });
    // SNS sends nothing to an address that has not confirmed.
    expect(told.Outputs.AlarmsTell?.Value).toMatch(
      /^ops@example\.com, once .*Subscription Confirmation" is followed$/,
    );
    await rm(dirname(told.assembly), { recursive: true, force: true });
  });

  it('is where the mail of each alarm leads', () => {
    for (const { AlarmName, AlarmDescription } of alarms())
      expect(AlarmDescription).toMatch(
        new RegExp(`: docs/runbook\\.md#${AlarmName.split(' ')[1]?.toLowerCase()}$`),
      );
  });
});
