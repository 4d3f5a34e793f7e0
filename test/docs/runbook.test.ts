import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';
import { propertiesOf } from '../support/template.ts';

const alarmsSchema = z.array(z.object({ AlarmName: z.string(), AlarmDescription: z.string() }));

describe('the runbook', () => {
  const page = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, heading = '']) => heading);
  const alarms = alarmsSchema.parse(propertiesOf('AWS::CloudWatch::Alarm'));
  // There is a Lost for ten rules.
  const failures = new Set(alarms.map(({ AlarmName }) => AlarmName.split(' ')[1] ?? ''));

  it('has a heading of the name of every alarm, and none of an alarm that is gone', () => {
    expect(failures.size).toBeGreaterThan(5);
    expect(headings.toSorted()).toEqual([...failures].toSorted());
  });

  it('is where the mail of each alarm leads', () => {
    for (const { AlarmName, AlarmDescription } of alarms)
      expect(AlarmDescription).toMatch(
        new RegExp(`: docs/runbook\\.md#${AlarmName.split(' ')[1]?.toLowerCase()}$`),
      );
  });
});
