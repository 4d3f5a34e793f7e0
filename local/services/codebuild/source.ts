import { existsSync } from 'node:fs';
import { constants, cp, realpath } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { Asset, Cloud } from '../../core/cloud.ts';
import { type Build, roleOf, type StoredBuild } from './build.ts';
import type { Project } from './project.ts';
import { unzip } from './unzip.ts';

const objectSchema = z.looseObject({ Body: z.instanceof(Readable) });

type Source = Build['source'];

/** The asset of the present assembly at a source's place in S3. */
export function assetAt(cloud: Cloud, { type, location }: Source): Asset | undefined {
  return type === 'S3' ? cloud.asset(placeOf(location).key) : undefined;
}

/**
 * The asset that is a build's source, of an assembly before this one too. Where that is gone, or an earlier release has
 * not noted it, the build has the source of its project as that is now.
 */
export function assetOf(
  cloud: Cloud,
  { build, asset }: StoredBuild,
  project: Project | undefined,
): Asset | undefined {
  const known = assetAt(cloud, build.source);
  if (known) return known;
  if (asset && existsSync(asset.path)) return asset;
  const isOfProject = placeOf(build.source.location).bucket === placeOf(project?.source.location).bucket;
  return project && isOfProject ? assetAt(cloud, project.source) : undefined;
}

/**
 * Puts a build's source into a folder.
 * @returns the version of it that was read, for an object that has versions
 */
export async function fetchSource(
  cloud: Cloud,
  { build, asset }: StoredBuild,
  folder: string,
): Promise<string | undefined> {
  if (build.source.type === 'NO_SOURCE') return undefined;
  const { bucket, key } = placeOf(build.source.location);
  if (asset) {
    // The grant of an asset went with its assembly.
    if (cloud.asset(key)) checkAsset(cloud, build, `arn:aws:s3:::${bucket}/${key}`);
    // A copy, not links: a build may write to its source. The asset itself may be a link to one that assemblies share.
    const path = await realpath(asset.path);
    await (asset.packaging === 'zip'
      ? cp(path, folder, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
      : unzip(path, folder));
    return undefined;
  }
  const input = {
    Bucket: bucket,
    Key: key,
    ...(build.sourceVersion ? { VersionId: build.sourceVersion } : {}),
  };
  const object = objectSchema.parse(await cloud.call('s3', 'GetObject', input, roleOf(cloud, build)));
  await unzip(object.Body, folder);
  return build.sourceVersion;
}

function placeOf(location = ''): { readonly bucket: string; readonly key: string } {
  const [bucket = '', ...parts] = location.replace(/^arn:aws:s3:::/, '').split('/');
  return { bucket, key: parts.join('/') };
}

/** An asset is a file of this machine, and an object of the account on AWS. */
function checkAsset(cloud: Cloud, build: Build, object: string): void {
  const role = roleOf(cloud, build);
  if (!cloud.policies.allows(role, 's3:GetObject', object))
    throw new Error(`${role.arn} is not authorized to perform s3:GetObject on ${object}`);
}
