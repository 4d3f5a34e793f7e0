import { expect, it } from 'vitest';
import { appSchema } from '../../events/app.ts';

it.each<[object, boolean]>([
  [{ id: '7', privateKey: 'key' }, true],
  [{ id: 'Iv1.0a-b_c', privateKey: 'key' }, true],
  [{ id: '1'.repeat(100), privateKey: 'key' }, true],
  [{ id: '1'.repeat(101), privateKey: 'key' }, false],
  [{ id: '', privateKey: 'key' }, false],
  [{ id: ' 7', privateKey: 'key' }, false],
  [{ id: '7/x', privateKey: 'key' }, false],
  [{ id: 7, privateKey: 'key' }, false],
  [{ id: '7', privateKey: '' }, false],
  [{ id: '7' }, false],
  [{ privateKey: 'key' }, false],
])('whether the secret %j is of an App: %j', (secret, is) => {
  expect(appSchema.safeParse(secret).success).toBe(is);
});
