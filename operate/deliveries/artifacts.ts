import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Connection } from '../connection/connection.ts';

/** An object of the artifact bucket: a commit's archive, or a ref's pointer to the newest one. */
export interface Artifact {
  readonly key: string;
  readonly bytes: number;
  /** ISO time */
  readonly at: string;
}

export interface ArtifactPage {
  readonly artifacts: readonly Artifact[];
  readonly cursor?: string | undefined;
}

/** Artifacts by key, a page of 1000 at a time. @param prefix what their keys begin with: `github.com/acme/` */
export async function listArtifacts(
  { s3, outputs }: Connection,
  prefix = '',
  cursor?: string,
): Promise<ArtifactPage> {
  const page = await s3.send(
    new ListObjectsV2Command({
      Bucket: outputs.bucket,
      Prefix: prefix,
      ...(cursor ? { ContinuationToken: cursor } : {}),
    }),
  );
  const artifacts = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
    key: Key,
    bytes: Size,
    at: (LastModified ?? new Date(0)).toISOString(),
  }));
  return { artifacts, cursor: page.NextContinuationToken };
}

/** An artifact's bytes as they come. @throws when there is none at the key */
export async function openArtifact(
  { s3, outputs }: Connection,
  key: string,
  versionId?: string,
): Promise<{ body: Readable; bytes: number }> {
  const { Body, ContentLength } = await s3
    .send(
      new GetObjectCommand({
        Bucket: outputs.bucket,
        Key: key,
        ...(versionId ? { VersionId: versionId } : {}),
      }),
    )
    .catch((cause: unknown) => {
      if (!(cause instanceof Error && cause.name === 'NoSuchKey')) throw cause;
      throw new Error(`no artifact ${key}: "hookline artifacts list" shows the keys`, { cause });
    });
  if (!(Body instanceof Readable)) throw new Error(`the artifact ${key} came without a body`);
  return { body: Body, bytes: ContentLength ?? 0 };
}

const URL_SECONDS = 600;

/** An address from which a browser downloads an artifact, for ten minutes. @throws when there is no artifact */
export async function artifactUrl(
  { s3, outputs }: Connection,
  key: string,
  versionId: string,
): Promise<string> {
  if (key === '') throw new Error('the delivery has no artifact: nothing was pulled for it');
  const command = new GetObjectCommand({
    Bucket: outputs.bucket,
    Key: key,
    ...(versionId ? { VersionId: versionId } : {}),
    ResponseContentDisposition: `attachment; filename="${basename(key)}"`,
  });
  return getSignedUrl(s3, command, { expiresIn: URL_SECONDS });
}

/**
 * Writes an artifact to a file, whole or not at all.
 * @param progress called with the number of bytes written and of all
 */
export async function saveArtifact(
  connection: Connection,
  key: string,
  file: string,
  progress: (done: number, all: number) => void = () => undefined,
): Promise<void> {
  const { body, bytes } = await openArtifact(connection, key);
  const partial = `${file}.part`;
  let done = 0;
  body.on('data', (chunk: Buffer) => {
    done += chunk.length;
    progress(done, bytes);
  });
  try {
    await pipeline(body, createWriteStream(partial));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
