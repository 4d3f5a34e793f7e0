import { createHmac } from 'node:crypto';
import type { ProviderCases } from './provider-cases.ts';

const COMMIT = 'a'.repeat(40);
const ZERO = '0'.repeat(40);
const repository = { full_name: 'acme/app', default_branch: 'main' };
const sender = { login: 'octocat' };
const common = { repository: { fullName: 'acme/app', defaultBranch: 'main' }, sender: 'octocat' };
const push = { ref: 'refs/heads/main', before: ZERO, after: COMMIT, repository, sender };
const state = { created: false, deleted: false, forced: false };

export const github: ProviderCases = {
  sign: (body, secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  vector: {
    body: 'Hello, World!',
    secret: "It's a Secret to Everybody",
    signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  malformed: [`sha1=${'a'.repeat(40)}`, 'a'.repeat(64), 'sha256='],
  push: {
    event: 'push',
    payload: { ...push, commits: [{ added: ['a'], removed: [], modified: ['b'] }] },
    delivery: { event: 'push', ...common, ref: 'refs/heads/main', commit: COMMIT, ...state },
    changed: ['a', 'b'],
  },
  pushOfTag: {
    event: 'push',
    payload: { ...push, ref: 'refs/tags/v1', created: true },
    delivery: { event: 'push', ...common, ref: 'refs/tags/v1', commit: COMMIT, ...state, created: true },
  },
  deletion: {
    event: 'push',
    payload: { ...push, before: COMMIT, after: ZERO, deleted: true },
    delivery: { event: 'push', ...common, ref: 'refs/heads/main', ...state, deleted: true },
  },
  ping: {
    event: 'ping',
    payload: { zen: 'Keep it logically awesome.', hook_id: 1, sender },
    delivery: { event: 'ping', sender: 'octocat' },
  },
  unknownEvent: {
    event: 'watch',
    payload: { action: 'started', repository, sender },
    delivery: { event: 'watch', repository: { fullName: 'acme/app' }, sender: 'octocat' },
  },
  hostile: [
    { payload: { ...push, ref: 'refs/heads/a..b' }, message: /^ref is "refs\/heads\/a\.\.b"/ },
    { payload: { ...push, repository: { full_name: '../app' } }, message: /^repository\.full_name is / },
    { payload: { ...push, after: '--upload-pack=id' }, message: /^after is / },
  ],
};
