import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { s3Service } from '../../../../local/services/s3/index.ts';
import { type FakeCloud, fakeCloud, make, temporaryFolder } from '../../../../local/testing.ts';

const DAY = 86_400_000;
const folder = temporaryFolder();
let cloud: FakeCloud | undefined;
let runs = 0;
afterEach(async () => {
  vi.useRealTimers();
  await cloud?.close();
  folder.remove();
});

async function start(properties: object, path = join(folder.path, `${runs++}`)) {
  await cloud?.close();
  cloud = fakeCloud(path);
  const started = cloud;
  const service = cloud.add(s3Service(cloud));
  const made = await make(service, 'AWS::S3::Bucket', properties, 'S-B-1');
  await service.start?.();
  const call = (operation: string, input: object) =>
    started.request('s3', operation, { Bucket: 's-b-1', ...input });
  return { made, call, path, restart: (changed: object) => start(changed, path) };
}

const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
const rules = (...Rules: object[]) => ({ LifecycleConfiguration: { Rules } });
const enabled = { Status: 'Enabled' };

/** Only the date is another: timers and the disk go on. */
const later = (days: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY });

describe('a bucket of the template', () => {
  it('has the attributes of one on AWS', async () => {
    const { made } = await start({
      ...versioned,
      BucketEncryption: { ServerSideEncryptionConfiguration: [{}] },
      PublicAccessBlockConfiguration: {},
    });
    expect(made).toEqual({
      ref: 's-b-1',
      attributes: {
        Arn: 'arn:aws:s3:::s-b-1',
        DomainName: 's-b-1.s3.amazonaws.com',
        RegionalDomainName: 's-b-1.s3.us-east-1.amazonaws.com',
      },
    });
  });

  it.each([
    ['WebsiteConfiguration', { WebsiteConfiguration: {} }],
    [
      'EventBridgeEnabled',
      { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
    ],
    ['Transitions', rules({ ...enabled, Transitions: [] })],
    ['TagFilters', rules({ ...enabled, ExpirationInDays: 1, TagFilters: [] })],
    ['VersioningConfiguration', { VersioningConfiguration: { Status: 'Suspended' } }],
  ])('with %s is refused by that name', async (name, properties) => {
    await expect(start(properties)).rejects.toThrow(name);
  });

  it.each([
    'ABC',
    'ab',
    'a_bcd',
    '10.0.0.1',
    'a..b',
    '-abc',
    'abc.',
    'xn--abc',
    'abc-s3alias',
    'a'.repeat(64),
  ])('is not named %s', async (BucketName) => {
    await expect(start({ BucketName })).rejects.toThrow('BucketName');
  });

  it('has no life-cycle rule that does nothing', async () => {
    await expect(start(rules({ ...enabled, Prefix: 'a/' }))).rejects.toThrow('has no action');
  });

  it('cannot lose its versions', async () => {
    const { restart } = await start(versioned);
    await expect(restart({})).rejects.toThrow('keep it enabled');
  });
});

describe('a life-cycle rule', () => {
  it('removes old versions some days after a newer one, and keeps as many as it says', async () => {
    const rule = {
      ...enabled,
      NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 },
    };
    const { call, path, restart } = await start({ ...versioned, ...rules(rule) });
    for (const Body of ['1', '2', '3', '4']) await call('PutObject', { Key: 'k', Body });
    later(2);
    const soon = await restart({ ...versioned, ...rules(rule) });
    expect(await soon.call('ListObjectVersions', {})).toMatchObject({ Versions: { length: 4 } });
    later(2);
    const then = await restart({ ...versioned, ...rules(rule) });
    await vi.waitFor(async () =>
      expect(await then.call('ListObjectVersions', {})).toMatchObject({ Versions: { length: 2 } }),
    );
    await vi.waitFor(() => expect(readdirSync(join(path, 's3'))).toHaveLength(2));
  });

  it('ends objects below its prefix, and marks with nothing below them', async () => {
    const expiring = { ...enabled, ExpirationInDays: 1, Prefix: 'tmp/' };
    const { call, restart } = await start({ ...versioned, ...rules(expiring) });
    await call('PutObject', { Key: 'tmp/k', Body: 'x' });
    await call('PutObject', { Key: 'kept', Body: 'x' });
    await call('DeleteObject', { Key: 'only a mark' });
    later(1);
    const next = await restart({
      ...versioned,
      ...rules(expiring, { ...enabled, ExpiredObjectDeleteMarker: true }),
    });
    await vi.waitFor(async () =>
      expect(await next.call('ListObjectVersions', {})).toMatchObject({
        Versions: [{ Key: 'kept' }, { Key: 'tmp/k', IsLatest: false }],
        DeleteMarkers: [{ Key: 'tmp/k', IsLatest: true }],
      }),
    );
  });

  it('ends objects for good in a bucket without versions', async () => {
    const properties = rules({ ...enabled, ExpirationInDays: 1 });
    const { call, path, restart } = await start(properties);
    await call('PutObject', { Key: 'k', Body: 'x' });
    later(1);
    const next = await restart(properties);
    await vi.waitFor(() => expect(readdirSync(join(path, 's3'))).toEqual([]));
    await expect(next.call('HeadObject', { Key: 'k' })).rejects.toMatchObject({ code: 'NoSuchKey' });
  });

  it('aborts uploads that nobody goes on with, and does nothing when disabled', async () => {
    const rule = { ...enabled, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
    const { call, restart } = await start(rules(rule));
    await call('CreateMultipartUpload', { Key: 'k' });
    later(1);
    const off = await restart(rules({ ...rule, Status: 'Disabled' }));
    expect(await off.call('ListMultipartUploads', {})).toMatchObject({ Uploads: { length: 1 } });
    const on = await restart(rules(rule));
    await vi.waitFor(async () =>
      expect(await on.call('ListMultipartUploads', {})).toMatchObject({ Uploads: [] }),
    );
  });
});

describe('from inside the runtime', () => {
  it('an object is written from text, bytes or a stream, and read while it is deleted', async () => {
    const { call, path } = await start({});
    await call('PutObject', { Key: 'k', Body: Buffer.from('bytes') });
    const { Body } = (await call('GetObject', { Key: 'k' })) as { Body: AsyncIterable<Buffer> };
    await call('DeleteObject', { Key: 'k' });
    const chunks = [];
    for await (const chunk of Body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('bytes');
    await vi.waitFor(() => expect(readdirSync(join(path, 's3'))).toEqual([]));
    expect(existsSync(path)).toBe(true);
    await expect(call('PutObject', { Key: 'k', Body: 5 })).rejects.toThrow('Body');
  });
});
