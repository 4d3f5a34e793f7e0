import { expect, it } from 'vitest';
import { busEventSchema } from '../../events/bus-event.ts';
import { rawInputSchema, recordedName } from '../../events/raw-input.ts';
import { ruleOptionsSchema } from '../../events/rule.ts';

const options = (more: object) => ruleOptionsSchema.parse({ name: 'acme', asksFor: [], ...more });

it.each([
  ['by its name where it never had another', 'acme', options({}), 'acme'],
  ['by the first of its names', 'acme', options({ was: ['first', 'second'] }), 'first'],
  ['by its name where its options are not known', 'acme', undefined, 'acme'],
  // An execution of an older deployment may bear the options of another rule.
  ['by its name where the options are of another', 'other', options({ was: ['first'] }), 'other'],
])('a rule is on record %s', (_title, rule, of, name) => {
  expect(recordedName({ rule, options: of })).toBe(name);
});

const webhook = {
  provider: 'github',
  host: 'github.com',
  headers: { event: 'push', delivery: 'd', signature: '' },
  body: 'e30=',
};

it('the input of the machine is the webhook, and where it comes from', () => {
  const origin = { rule: 'acme', eventId: 'e', time: '2026-01-01T00:00:00Z', replayName: '' };
  expect(rawInputSchema.parse({ ...webhook, ...origin, more: 1 })).toEqual({ ...webhook, ...origin });
  for (const member of Object.keys({ ...webhook, ...origin }))
    expect(() => rawInputSchema.parse({ ...webhook, ...origin, [member]: undefined })).toThrow(member);
});

it('an event of the bus is read without the members that nobody asks for', () => {
  const detail = { ...webhook, event: 'push', deliveryId: 'd', payload: {} };
  const event = { id: 'e', time: 't', source: 'hookline', 'detail-type': 'webhook', detail };
  expect(busEventSchema.parse({ ...event, account: '0' })).toEqual({ ...event, 'replay-name': '' });
  expect(busEventSchema.parse({ ...event, 'replay-name': 'r' })).toMatchObject({ 'replay-name': 'r' });
  for (const member of Object.keys(event))
    expect(() => busEventSchema.parse({ ...event, [member]: undefined })).toThrow(member);
});
