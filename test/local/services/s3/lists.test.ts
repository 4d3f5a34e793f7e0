import { DeleteObjectsCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
const { put } = s3;

describe('a list', () => {
  it('comes in pages, with what a delimiter rolls up', async () => {
    for (const key of ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/1']) await put(key, key);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({
          Bucket: 'b',
          Prefix: 'l/',
          Delimiter: '/',
          MaxKeys: 2,
          ContinuationToken,
        }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen.sort()).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/']);
  });

  it('refuses a continuation token that it did not give out', async () => {
    const list = new ListObjectsV2Command({ Bucket: 'b', ContinuationToken: 'l/a' });
    await expect(s3.client.send(list)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('of versions goes on in the middle of a key', async () => {
    for (const n of [1, 2, 3]) await put('page/k', `${n}`);
    const first = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: 'b', Prefix: 'page/', MaxKeys: 2 }),
    );
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'page/k' });
    const rest = await s3.client.send(
      new ListObjectVersionsCommand({
        Bucket: 'b',
        Prefix: 'page/',
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );
    expect([...(first.Versions ?? []), ...(rest.Versions ?? [])].map(({ IsLatest }) => IsLatest)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('of deletions says what each came to', async () => {
    await put('del/1', '1');
    const answer = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'del/1' }, { Key: 'del/none' }] } }),
    );
    expect(answer.Deleted).toMatchObject([{ Key: 'del/1', DeleteMarker: true }, { Key: 'del/none' }]);
  });
});
