import { afterAll, beforeAll, expect, it } from 'vitest';
import { identities, seedOf } from '../../../local/core/identity.ts';
import { openStore } from '../../../local/core/store.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const ROLE = 'arn:aws:iam::000000000000:role/a';
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

it('has keys that nobody can tell from a name, and the same ones at the next start', async () => {
  const seeds: string[] = [];
  for (let start = 0; start < 2; start++) {
    const store = openStore(folder.path);
    seeds.push(await seedOf(store));
    await store.close();
  }
  const [seed = '', again] = seeds;
  expect(seed).toMatch(/^[\w+/]{43}=$/);
  expect(again).toBe(seed);
  const other = openStore(`${folder.path}/other`);
  expect(await seedOf(other)).not.toBe(seed);
  await other.close();
});

it('knows the keys it hands out, and whose they are', () => {
  const known = identities('seed');
  const session = known.session(ROLE);
  expect(session.accessKeyId).toMatch(/^ASIA[0-9A-F]{16}$/);
  expect(known.byAccessKey(session.accessKeyId)?.principal).toEqual(known.role(ROLE));
  expect(known.administrator.accessKeyId).toMatch(/^AKIA/);
  expect(known.administrator.sessionToken).toBeUndefined();
  expect(known.byAccessKey(known.administrator.accessKeyId)).toBe(known.administrator);
  for (const accessKeyId of ['local', '', identities('other').session(ROLE).accessKeyId])
    expect(known.byAccessKey(accessKeyId)).toBeUndefined();
  expect(new Set([session, known.administrator].map(({ secretAccessKey }) => secretAccessKey)).size).toBe(2);
});
