import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { commitOfKey } from './artifact.ts';
import { errors, HooklineError } from './errors.ts';
import { readRef } from './ref-record.ts';
import { asPassing } from './s3-error.ts';
import { environment } from './setting.ts';

let client: S3Client | undefined;
const s3 = () => {
  client ??= new S3Client();
  return client;
};

/**
 * Makes the pointer show what the ref's record says, whoever else is doing the same (I4). The object is looked at
 * before the record is read and changed only if it is still that one: a record read later than another's write of the
 * object is never older than that write's record. Only where the pointer left in
 * between and came back to the same bytes or to nothing, a late copy may move it for a moment, as S3 does not tell the
 * two apart: the look after the copy puts that right.
 */
export async function repairPointer(pointer: string): Promise<void> {
  for (;;) {
    const found = await head(pointer);
    const { published } = await readRef(pointer);
    if (!published) return;
    // The artifact of a folder may be of an earlier commit, which has the same in it.
    const commit = commitOfKey(published.key);
    if (found ? found.commit === commit : commit === '') return;
    if (commit === '') await remove(pointer, found?.etag);
    else await copy(published.key, pointer, found?.etag);
  }
}

async function head(key: string): Promise<{ etag: string | undefined; commit: string } | undefined> {
  try {
    const { ETag: etag, Metadata = {} } = await s3().send(
      new HeadObjectCommand({ Bucket: environment('ARTIFACT_BUCKET'), Key: key }),
    );
    return { etag, commit: Metadata.commit ?? '' };
  } catch (error) {
    if (status(error) === 404) return undefined;
    throw asPassing(error);
  }
}

async function copy(from: string, to: string, etag: string | undefined): Promise<void> {
  const bucket = environment('ARTIFACT_BUCKET');
  try {
    await s3().send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: to,
        CopySource: `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`,
        ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }),
      }),
    );
  } catch (error) {
    // Another step moved the pointer: look again. A pointer that is gone fails If-Match with 404 too.
    if (changed(error)) return;
    if (status(error) !== 404) throw error;
    if (await head(from)) return;
    throw new HooklineError(
      errors.artifactMissing,
      `artifact ${JSON.stringify(from)} is not in bucket ${bucket}; deliver the push again to make it`,
    );
  }
}

async function remove(key: string, etag: string | undefined): Promise<void> {
  try {
    const bucket = environment('ARTIFACT_BUCKET');
    await s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
  } catch (error) {
    if (!changed(error) && status(error) !== 404) throw error;
  }
}

function changed(error: unknown): boolean {
  return status(error) === 412 || status(error) === 409;
}

function status(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
