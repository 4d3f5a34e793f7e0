import { expect, it } from 'vitest';
import type { Delivery } from '../../../events/delivery.ts';
import { pagesOf } from '../../../operate/deliveries/commit.ts';

const HOST = { url: 'https://git.example.com', provider: 'github' } as const;
const [before, commit] = ['a'.repeat(40), 'b'.repeat(40)];
const PUSH: Delivery = {
  provider: 'github',
  host: 'git.example.com',
  id: '1',
  event: 'push',
  repository: { fullName: 'acme/app' },
  ref: 'refs/heads/feature/ü#1',
  before,
  commit,
};

it('a push has the pages of its commit, of what changed, and of its branch', () => {
  expect(pagesOf(HOST, PUSH)).toEqual({
    commit: `https://git.example.com/acme/app/commit/${commit}`,
    compare: `https://git.example.com/acme/app/compare/${before}...${commit}`,
    tree: 'https://git.example.com/acme/app/tree/feature/%C3%BC%231',
  });
});

it.each<[string, Partial<Delivery>]>([
  ['that is deleted', { deleted: true }],
  ['of a request', { ref: 'refs/pull/7/head' }],
])('a ref %s has no page of its files', (_title, changes) => {
  expect(pagesOf(HOST, { ...PUSH, ...changes })).not.toHaveProperty('tree');
});

it('a host on this machine has no pages', () => {
  expect(pagesOf({ ...HOST, url: 'http://127.0.0.1:3000/git' }, PUSH)).toEqual({});
});
