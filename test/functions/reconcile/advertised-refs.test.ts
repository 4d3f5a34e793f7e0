import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advertisedRefs, refsOf } from '../../../functions/reconcile/advertised-refs.ts';
import type { KnownHost } from '../../../functions/reconcile/known-host.ts';
import { startTlsApi, type TlsApi } from '../../support/api-over-tls.ts';
import { authority, otherAuthority } from '../../support/certificates/certificates.ts';

const line = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const service = `${line('# service=git-upload-pack\n')}0000`;

it('reads branches and tags, and the commit of an annotated tag', () => {
  const text = [
    service,
    line(`${a} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2\n`),
    line(`${a} refs/heads/main\n`),
    line(`${a} refs/heads/grün\n`),
    line(`${b} refs/pull/1/head\n`),
    line(`${b} refs/tags/v1\n`),
    line(`${c} refs/tags/v1^{}\n`),
    '0000',
  ].join('');
  expect(Object.fromEntries(refsOf(Buffer.from(text), 'acme/app'))).toEqual({
    'refs/heads/main': { id: a, commit: a },
    'refs/heads/grün': { id: a, commit: a },
    'refs/tags/v1': { id: b, commit: c },
  });
});

it('reads ids of SHA-256, and no line of another form', () => {
  const d = 'd'.repeat(64);
  const lines = [
    ...[`${d} refs/heads/main`, `${d}${a} refs/heads/long`, `${a}d refs/heads/longer`, `x${a} refs/heads/x`],
    ...[`${a}`, `${a.toUpperCase()} refs/heads/upper`, `${a} xrefs/heads/x`, `${a} refs/heads/a..b`],
    ...[
      `${b} refs/tags/v1^{}x`,
      `${b} refs/tags/v2^{} `,
      `${b} refs/tags/v3`,
      `${c} refs/tags/v3^{}\0peeled`,
    ],
    ...[`${a} refs/notes/heads/x`, `${a} refs/heads`],
  ];
  const text = `${service}${lines.map((each) => line(`${each}\n`)).join('')}0000`;
  expect(Object.fromEntries(refsOf(Buffer.from(text), 'acme/app'))).toEqual({
    'refs/heads/main': { id: d, commit: d },
    'refs/tags/v3': { id: b, commit: c },
  });
});

it('the last line of a ref counts, and what a tag names without a line of the tag is its id', () => {
  const lines = [`${a} refs/heads/main`, `${b} refs/heads/main`, `${c} refs/tags/v1^{}`];
  const text = `${service}${lines.map((each) => line(each)).join('')}0000`;
  expect(Object.fromEntries(refsOf(Buffer.from(text), 'acme/app'))).toEqual({
    'refs/heads/main': { id: b, commit: b },
    'refs/tags/v1': { id: c, commit: c },
  });
});

it('a list ends by a pause, and a line with its own length', () => {
  const text = `${service}${line(`${a} refs/heads/a\n`)}${line(`${b} refs/heads/b\n`)}`;
  const whole = refsOf(Buffer.from(`${text}0000`), 'acme/app');
  expect([...whole.keys()]).toEqual(['refs/heads/a', 'refs/heads/b']);
  for (const end of ['', 'zzzz', 'ffff', '-004'])
    expect(() => refsOf(Buffer.from(`${text}${end}`), 'acme/app')).toThrow(
      'the list of the refs of acme/app is cut off',
    );
});

it('a line without a text is one', () => {
  const text = `${service}0004${line(`${a} refs/heads/main\n`)}0000`;
  expect([...refsOf(Buffer.from(text), 'acme/app').keys()]).toEqual(['refs/heads/main']);
  expect(() => refsOf(Buffer.from(`${service}0003`), 'acme/app')).toThrow('is cut off');
});

it('an empty repository has none', () => {
  const text = `${service}${line(`${'0'.repeat(40)} capabilities^{}\0agent=git/2\n`)}0000`;
  expect(refsOf(Buffer.from(text), 'acme/app').size).toBe(0);
});

it('a page of another kind, and a list that is cut off, are no list', () => {
  expect(() => refsOf(Buffer.from('<html>'), 'acme/app')).toThrow(
    'the list of the refs of acme/app is cut off',
  );
  expect(() => refsOf(Buffer.from('0000'), 'acme/app')).toThrow(
    'the host answers no list of the refs of acme/app',
  );
  const cut = `${service}${line(`${a} refs/heads/main\n`)}`.slice(0, -3);
  expect(() => refsOf(Buffer.from(cut), 'acme/app')).toThrow('is cut off');
});

describe('a host whose certificate a private authority has signed', () => {
  let server: TlsApi;
  beforeAll(async () => {
    server = await startTlsApi();
  });
  afterAll(() => server?.close());
  const refs = (ca: string | undefined, url = server.url) => {
    const host = { name: 'git.test', settings: { url, ca }, authorization: async () => 'Basic cmVhZGVy' };
    return advertisedRefs(host as unknown as KnownHost, 'acme/app');
  };

  it('is asked when `ca` has the authority', async () => {
    await expect(refs(authority)).rejects.toThrow('the list of the refs of acme/app is cut off');
    expect(server.requests).toEqual(['GET /acme/app.git/info/refs?service=git-upload-pack']);
  });

  it.each([
    [undefined, 'set hosts.git.test.ca in cdk.json to the certificate of its authority, and deploy'],
    [otherAuthority, 'hosts.git.test.ca in cdk.json has another authority: correct it, and deploy'],
  ])('is refused by name, and what to change is said', async (ca, advice) => {
    await expect(refs(ca)).rejects.toMatchObject({ name: 'HostUntrusted', advice });
    expect(server.requests).toHaveLength(1);
  });

  it('is told from one that does not answer', async () => {
    await expect(refs(undefined, 'http://127.0.0.1:1')).rejects.toThrow('fetch failed');
  });
});
