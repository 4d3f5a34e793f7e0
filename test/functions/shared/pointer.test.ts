import { S3ServiceException } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repairPointer } from '../../../functions/shared/pointer.ts';
import { recordPublished } from '../../../functions/shared/ref-record.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { type Direct, startDirect } from '../../support/functions/direct.ts';

let direct: Direct;
beforeAll(async () => {
  direct = await startDirect();
});
afterAll(() => direct?.close());

const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)];
let refs = 0;

/** A ref of its own whose pointer shows the old commit, and whose record the new one, or that it is gone. */
async function behind(commit: string): Promise<{ pointer: string; key: string }> {
  refs += 1;
  const pointer = `git.test/acme/app/refs/heads/b ${refs}.zip`;
  const old = await direct.putArtifact(OLD);
  await recordPublished(pointer, { token: 1, commit: OLD, key: old.key });
  await repairPointer(pointer);
  const key = commit === '' ? '' : `commits/${commit}-${refs}.zip`;
  await recordPublished(pointer, { token: 2, commit, key });
  return { pointer, key };
}
const s3Error = (httpStatusCode: number) =>
  new S3ServiceException({
    ...{ name: `S3 ${httpStatusCode}`, message: 'not now' },
    ...{ $fault: 'client', $metadata: { httpStatusCode } },
  });
const refusing = (operation: string, error: Error, pointer: string) =>
  aroundCall(operation, { before: () => Promise.reject(error) }, () => repairPointer(pointer));
const put = (Key: string, commit: string) =>
  direct.call('s3', 'PutObject', { Bucket: 'artifacts', Key, Body: commit, Metadata: { commit } });

describe('a pointer that cannot be moved', () => {
  it.each([412, 409])('as another step has moved it, is looked at again: %i', async (status) => {
    const { pointer, key } = await behind(NEW);
    await put(key, NEW);
    await refusing('CopyObject', s3Error(status), pointer);
    expect(await direct.objectCommit(pointer)).toBe(NEW);
    const gone = await behind('');
    await refusing('DeleteObject', s3Error(status), gone.pointer);
    expect(await direct.objectCommit(gone.pointer)).toBe('');
  });

  it('as it has gone meanwhile, is looked at again', async () => {
    const { pointer, key } = await behind(NEW);
    await put(key, NEW);
    await refusing('CopyObject', s3Error(404), pointer);
    expect(await direct.objectCommit(pointer)).toBe(NEW);
    const gone = await behind('');
    await refusing('DeleteObject', s3Error(404), gone.pointer);
    expect(await direct.objectCommit(gone.pointer)).toBe('');
  });

  it('for another reason fails the step, and stays', async () => {
    for (const error of [s3Error(403), s3Error(500), new Error('no answer')]) {
      const { pointer, key } = await behind(NEW);
      await put(key, NEW);
      await expect(refusing('CopyObject', error, pointer)).rejects.toBe(error);
      const looked = await refusing('HeadObject', error, pointer).catch((thrown: Error) => thrown);
      expect([looked, Object(looked).cause]).toContain(error);
      expect(await direct.objectCommit(pointer)).toBe(OLD);
      const gone = await behind('');
      await expect(refusing('DeleteObject', error, gone.pointer)).rejects.toBe(error);
      expect(await direct.objectCommit(gone.pointer)).toBe(OLD);
    }
  });

  it('as its artifact is gone, says which and what to do', async () => {
    const { pointer, key } = await behind(NEW);
    await expect(repairPointer(pointer)).rejects.toMatchObject({
      name: 'ArtifactMissing',
      message: `artifact "${key}" is not in bucket artifacts; deliver the push again to make it`,
    });
  });
});

it('a pointer of which nothing is on record stays as it is', async () => {
  const pointer = 'git.test/acme/app/refs/heads/unknown.zip';
  await put(pointer, OLD);
  await repairPointer(pointer);
  expect(await direct.objectCommit(pointer)).toBe(OLD);
});

it('a pointer without a commit of its own shows the artifact afterwards', async () => {
  const { pointer, key } = await behind(NEW);
  await put(key, NEW);
  await direct.call('s3', 'PutObject', { Bucket: 'artifacts', Key: pointer, Body: 'by hand' });
  await repairPointer(pointer);
  expect(await direct.objectCommit(pointer)).toBe(NEW);
});
