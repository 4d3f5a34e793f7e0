import fc from 'fast-check';
import { expect, it } from 'vitest';
import { busRuleName, ruleOfArn } from '../../events/bus-event.ts';

const arnOf = (name: string): string => `arn:aws:events:eu-west-1:000000000000:rule/${name}`;
const names = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/);

it('a rule has its own name back from the ARN of its rule on the bus', () => {
  fc.assert(
    fc.property(names, names, (bus, rule) => {
      expect(ruleOfArn(arnOf(`${bus}/${busRuleName(bus, rule)}`))).toBe(rule);
    }),
  );
});

it.each([
  ['of the default bus', arnOf('hookline-default')],
  ['of another on the bus', arnOf('hookline/other')],
  ['with nothing behind the prefix', arnOf('hookline/hookline-')],
  ['of another bus', arnOf('other/hookline-default')],
  ['that is no ARN', ''],
])('a rule %s is none of ours', (_title, arn) => {
  expect(ruleOfArn(arn)).toBeUndefined();
});
