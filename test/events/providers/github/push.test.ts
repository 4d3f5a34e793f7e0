import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FoundPush } from '../../../../events/administration.ts';
import { headCommit } from '../../../../events/providers/github/head-commit.ts';
import { push, repository } from '../../../../events/providers/github/push.ts';
import { receiver } from '../../../../events/providers/github/receiver.ts';
import { type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

const [ONE, OTHER] = ['1'.repeat(40), '2'.repeat(40)];
const NONE = '0'.repeat(40);
const found: FoundPush = {
  host: 'ghes',
  secret: 'the-secret',
  deliveryId: 'd2d7cd3e-0000-11f0-8000-000000000000',
  repository: { full_name: 'acme/app' },
  ref: 'refs/heads/main',
  id: ONE,
  before: OTHER,
  foundAt: '2026-01-01T00:00:00Z',
};

describe('a push that nobody has told of', () => {
  it.each<[string, Partial<FoundPush>, object]>([
    ['moved a ref', {}, { before: OTHER, after: ONE, created: false, deleted: false }],
    ['made a ref', { before: undefined }, { before: NONE, after: ONE, created: true, deleted: false }],
    ['ended a ref', { id: undefined }, { before: OTHER, after: NONE, created: false, deleted: true }],
    [
      'made a ref of SHA-256',
      { id: 'a'.repeat(64), before: undefined },
      { before: '0'.repeat(64), after: 'a'.repeat(64), created: true },
    ],
  ])('is told as the host would tell it: it %s', (_title, other, expected) => {
    const { event, payload } = push({ ...found, ...other });
    expect(event).toBe('push');
    expect(payload).toMatchObject({ ref: 'refs/heads/main', forced: false, commits: [], ...expected });
  });

  it('says who tells of it, and when it was found', () => {
    expect(push(found).payload).toMatchObject({
      repository: { full_name: 'acme/app' },
      pusher: { name: 'hookline' },
      sender: { login: 'hookline' },
      hookline: { reconcile: '2026-01-01T00:00:00Z' },
    });
  });

  it.each([
    ['an organisation', 'Organization', { organization: { login: 'acme', id: 7 } }],
    ['a user', 'User', {}],
  ])('to a repository of %s says so', (_, type, expected) => {
    const owner = { login: 'acme', id: 7, type };
    const { payload } = push({ ...found, repository: { full_name: 'acme/app', owner } });
    const { organization } = payload;
    expect(organization === undefined ? {} : { organization }).toEqual(expected);
  });

  it('is signed, and reads as a push of its host', () => {
    const { headers, body, payload } = push(found);
    expect(headers).toEqual({
      'X-GitHub-Event': 'push',
      'X-GitHub-Delivery': found.deliveryId,
      'X-Hub-Signature-256': expect.any(String),
      'X-GitHub-Enterprise-Host': 'ghes',
    });
    const bytes = Buffer.from(body);
    const signature = headers['X-Hub-Signature-256'] ?? '';
    expect(receiver.checkSignature(bytes, signature, ['the-secret'])).toBe('valid');
    expect(JSON.parse(body)).toEqual(payload);
    const envelope = { host: 'ghes', event: 'push', deliveryId: found.deliveryId };
    const { delivery } = receiver.read(envelope, bytes);
    expect(delivery).toMatchObject({ ref: 'refs/heads/main', commit: ONE });
  });
});

describe('a repository', () => {
  let api: AnsweringApi;
  beforeAll(async () => {
    api = await startAnsweringApi();
  });
  afterAll(() => api?.close());

  const ask = (name: string) => repository({ host: 'ghes', url: api.url, token: 'a' }, name);

  it('is described as the host does, without the time of its last push', async () => {
    const body = { id: 1, full_name: 'acme/app', pushed_at: '2026-01-01T00:00:00Z', private: true };
    api.answer(() => ({ body }));
    expect(await ask('acme/app')).toEqual({ id: 1, full_name: 'acme/app', private: true });
    expect(api.asked).toMatchObject([{ method: 'GET', path: '/repos/acme/app' }]);
  });

  it.each([
    ['an organisation', 'Organization', { organization: 'acme' }],
    ['a user', 'User', {}],
  ])('of %s is described as in a push', async (_, type, expected) => {
    const owner = { login: 'acme', id: 7, type, name: null };
    const organization = type === 'Organization' && { organization: owner };
    api.answer(() => ({ body: { full_name: 'acme/app', owner, ...organization } }));
    const described = { full_name: 'acme/app', owner: { ...owner, name: 'acme' }, ...expected };
    expect(await ask('acme/app')).toEqual(described);
  });

  it('that is none is an error: the host knows it not, or answers something else', async () => {
    api.answer(() => ({ status: 404, body: { message: 'no such thing' } }));
    await expect(ask('acme/gone')).rejects.toThrow('no such thing');
    api.answer(() => ({ body: { login: 'acme' } }));
    await expect(ask('acme/app')).rejects.toThrow('full_name');
  });
});

describe('the newest commit of a push', () => {
  it.each<[unknown, unknown]>([
    [{ head_commit: { message: 'One\n\nbody', author: { name: 'Ada' } } }, { subject: 'One', author: 'Ada' }],
    [{ head_commit: { message: 'One' } }, { subject: 'One', author: '' }],
    [{ head_commit: { message: 'One', author: { name: 1 } } }, { subject: 'One', author: '' }],
    [{ head_commit: { author: { name: 'Ada' } } }, { subject: '', author: 'Ada' }],
    [{ head_commit: null }, undefined],
    [{}, undefined],
    ['text', undefined],
  ])('of %j is %j', (payload, commit) => {
    expect(headCommit(payload)).toEqual(commit);
  });
});
