import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { errors, HooklineError } from '../shared/errors.ts';
import { passingName } from '../shared/s3-error.ts';
import { megabytes, seldom } from './log.ts';

/** An artifact as it stands in S3. */
export interface Artifact {
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  /** of its bytes, where this pull has written them */
  readonly sha256?: string;
  /** of a folder: the same only for the same files; `""` of a whole commit */
  readonly content: string;
}

/** CopyObject, by which the pointer is published, copies no more than 5 GiB. */
const maxBytes = 5 * 2 ** 30;
/** 8 MiB parts reach 80 GiB, and three of them at a time are all of the artifact that is ever in memory. */
const partBytes = 8 * 2 ** 20;
const atOnce = 3;

let client: S3Client | undefined;
export const s3 = () => {
  client ??= new S3Client();
  return client;
};

/** The artifact at `key`, `undefined` when nobody has made it yet. */
export async function findArtifact(bucket: string, key: string): Promise<Artifact | undefined> {
  try {
    const found = await s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const { VersionId: versionId = '', ContentLength: bytes = 0, Metadata: { content = '' } = {} } = found;
    return { key, versionId, bytes, content };
  } catch (error) {
    if (status(error) === 404) return undefined;
    throw refused(error, `artifact ${key} could not be looked for in bucket ${bucket}`);
  }
}

/**
 * Streams `body` to `key` and never over an object that stands there: when somebody else was faster, theirs is the
 * artifact. A body that throws leaves no object, and no parts, behind.
 * @returns `undefined` when another writer is in the way and the body, used up by now, must be made again
 */
export async function putOnce(
  { bucket, key, metadata }: { bucket: string; key: string; metadata: Record<string, string> },
  body: AsyncIterable<Buffer>,
): Promise<Artifact | undefined> {
  const counter = { bytes: 0, hash: createHash('sha256') };
  const upload = new Upload({
    client: s3(),
    partSize: partBytes,
    queueSize: atOnce,
    params: {
      Bucket: bucket,
      Key: key,
      Body: Readable.from(limited(body, key, counter)),
      ContentType: 'application/zip',
      Metadata: metadata,
      IfNoneMatch: '*',
    },
  });
  try {
    const { VersionId } = await upload.done();
    return {
      key,
      versionId: VersionId ?? '',
      bytes: counter.bytes,
      sha256: counter.hash.digest('hex'),
      content: metadata.content ?? '',
    };
  } catch (error) {
    // 412: it stands there already; 409: somebody is writing it this moment
    if (status(error) === 412 || status(error) === 409) return findArtifact(bucket, key);
    throw refused(error, `artifact ${key} could not be written to bucket ${bucket}`);
  }
}

/** Passes `body` on, counting. Throws `ArtifactTooLarge` past `limit` bytes, before anything is completed. */
export async function* limited(
  body: AsyncIterable<Buffer>,
  key: string,
  counter: { bytes: number; hash?: Hash },
  limit = maxBytes,
): AsyncGenerator<Buffer> {
  const tell = seldom();
  for await (const chunk of body) {
    counter.bytes += chunk.length;
    tell(`artifact ${key}: ${megabytes(counter.bytes)} so far`);
    counter.hash?.update(chunk);
    if (counter.bytes > limit) {
      throw new HooklineError(
        errors.artifactTooLarge,
        `artifact ${key} is larger than ${limit} bytes, the most S3 copies; leave files out with export-ignore in .gitattributes, in a rule without \`git: true\``,
      );
    }
    yield chunk;
  }
}

/** Streams an object's bytes from `start` on, `end` not included. */
export async function* readObject(
  bucket: string,
  key: string,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  if (start === end) return;
  const Range = `bytes=${start}-${end - 1}`;
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
  if (Body instanceof Readable) yield* Body;
}

function status(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/**
 * S3's own error with what was tried; any other as it is. What may pass begins with the name of an error that may, by which
 * Diagnose has the commit pulled again.
 */
function refused(error: unknown, what: string): unknown {
  if (!(error instanceof S3ServiceException)) return error;
  const said = error.message && error.message !== 'UnknownError' ? ` (${error.message})` : '';
  const { httpStatusCode = 'no status' } = error.$metadata;
  const answer = `${what}: S3 answered ${httpStatusCode} ${error.name}${said}`;
  const passing = passingName(error);
  const message =
    passing === undefined
      ? `${answer}; check the bucket, its key and what the build's role may do there`
      : `${passing}: ${answer}`;
  return new HooklineError(errors.pullFailed, message, { cause: error });
}
