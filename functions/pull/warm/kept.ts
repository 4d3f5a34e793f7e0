import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from '../store.ts';

/** What was kept of the last commit of a repository that became an artifact. */
export interface Kept {
  readonly commit: string;
  /** the SHA-256 of its artifact, and its bytes */
  readonly sha256: string;
  readonly bytes: number;
  /** the git that made the artifact */
  readonly git: string;
}

export interface KeptObject extends Kept {
  /** a pack of the commit and its trees */
  readonly pack: Buffer;
  readonly etag: string;
}

/** Trees of a million files; what is larger is not kept. */
const MAX_PACK_BYTES = 64 * 2 ** 20;

/** What is kept under a key, whatever it is; none where there is nothing. */
export async function readKept(bucket: string, key: string): Promise<KeptObject | undefined> {
  try {
    const found = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { commit = '', sha256 = '', bytes, git = '' } = found.Metadata ?? {};
    const pack = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    return { commit, sha256, bytes: Number(bytes), git, etag: found.ETag ?? '', pack };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Keeps a pack in place of what was read. Another pull that was faster wins: what it keeps is as good. */
export async function writeKept(
  bucket: string,
  key: string,
  { commit, sha256, bytes, git }: Kept,
  pack: Buffer,
  replaced: string | undefined,
): Promise<void> {
  if (pack.length > MAX_PACK_BYTES) return;
  await s3().send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: pack,
      Metadata: { commit, sha256, bytes: String(bytes), git },
      ...(replaced === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaced }),
    }),
  );
}
