import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Cloud } from '../../core/cloud.ts';
import { type Build, type Output, roleOf } from './build.ts';
import type { Artifacts } from './buildspec.ts';
import { filesBelow } from './glob.ts';

/**
 * Zips the files that a buildspec names and puts them where the pipeline asked for them.
 * @param spool a file to write the zip to
 * @throws when no file matches, as CodeBuild does
 */
export async function uploadArtifact(
  cloud: Cloud,
  build: Build,
  {
    artifacts,
    source,
    spool,
    output,
  }: { artifacts: Artifacts; source: string; spool: string; output: Output },
): Promise<Build['artifacts']> {
  const base = resolve(source, artifacts['base-directory'] ?? '');
  if (base !== source && !base.startsWith(source + sep))
    throw new Error(`the base-directory ${artifacts['base-directory']} leaves its folder: name one below it`);
  const files = await filesBelow(base, artifacts.files, artifacts['exclude-paths']);
  if (files.length === 0)
    throw new Error(
      `no matching artifact paths found: ${artifacts.files.join(', ')} in ${artifacts['base-directory'] ?? 'the source folder'}`,
    );
  await zip(base, files, artifacts['discard-paths'], spool);
  const input = {
    Bucket: output.bucket,
    Key: output.key,
    Body: createReadStream(spool),
    ContentType: 'application/zip',
  };
  await cloud.call('s3', 'PutObject', input, roleOf(cloud, build));
  return { location: `arn:aws:s3:::${output.bucket}/${output.key}`, sha256sum: await sha256(spool) };
}

async function zip(base: string, files: readonly string[], flat: boolean, spool: string): Promise<void> {
  const archive = new ZipFile();
  const stream = createWriteStream(spool);
  const written = pipeline(archive.outputStream, stream);
  // A file that cannot be read is told on the archive, whose stream would then never end.
  archive.on('error', (error: Error) => stream.destroy(error));
  for (const file of files) {
    const path = join(base, file);
    const name = flat ? basename(file) : file;
    const stat = await lstat(path);
    const { mode, mtime } = stat;
    if (stat.isSymbolicLink()) archive.addBuffer(Buffer.from(await readlink(path)), name, { mode, mtime });
    else archive.addFile(path, name, { mode, mtime });
  }
  archive.end();
  await written;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
