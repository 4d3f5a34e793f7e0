import { expect, it } from 'vitest';
import { deliveryValues } from '../../events/delivery-values.ts';
import { namesOf } from '../../events/pipeline-name.ts';

const least = { provider: 'github', host: 'github.com', id: 'delivery-1', event: 'ping' };

it('a template knows of a delivery what the host has told of it', () => {
  const told = { repository: { fullName: 'acme/app' }, ref: 'refs/tags/v1', sender: 'ada', event: 'push' };
  expect(deliveryValues({ ...least, ...told }, { 'payload.number': '7' })).toEqual({
    host: 'github.com',
    repository: 'acme/app',
    ref: 'refs/tags/v1',
    owner: 'acme',
    name: 'app',
    branch: '',
    tag: 'v1',
    event: 'push',
    sender: 'ada',
    deliveryId: 'delivery-1',
    'payload.number': '7',
  });
});

it('a template finds an empty text for what the host has not told', () => {
  const { host, event, deliveryId, ...others } = deliveryValues(least, {});
  expect({ host, event, deliveryId }).toEqual({
    host: 'github.com',
    event: 'ping',
    deliveryId: 'delivery-1',
  });
  expect(others).toEqual({ repository: '', ref: '', owner: '', name: '', branch: '', tag: '', sender: '' });
});

it('no member of the payload takes the place of what is known of the delivery', () => {
  expect(deliveryValues(least, { host: 'evil' })).toMatchObject({ host: 'github.com' });
});

it.each([
  [undefined, undefined, { owner: '', name: '', branch: '', tag: '' }],
  ['acme/app', 'refs/heads/a/b', { owner: 'acme', name: 'app', branch: 'a/b', tag: '' }],
  ['group/acme/app', 'refs/tags/v/1', { owner: 'group/acme', name: 'app', branch: '', tag: 'v/1' }],
  ['app', 'refs/pull/1/head', { owner: '', name: 'app', branch: '', tag: '' }],
])('the names of %s at %s are %j', (fullName, ref, names) => {
  expect(namesOf({ repository: fullName === undefined ? undefined : { fullName }, ref })).toEqual(names);
});
