import { constants, cp, mkdir, realpath } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { type Build, roleOf } from './build.ts';
import { unzip } from './unzip.ts';

const objectSchema = z.looseObject({ Body: z.instanceof(Readable) });

/**
 * Puts a build's source into a folder.
 * @returns the version of it that was read, for an object that has versions
 */
export async function fetchSource(cloud: Cloud, build: Build, folder: string): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const { type, location = '' } = build.source;
  if (type === 'NO_SOURCE') return undefined;
  const [bucket = '', ...parts] = location.replace(/^arn:aws:s3:::/, '').split('/');
  const key = parts.join('/');
  const asset = cloud.asset(key);
  if (asset) {
    checkAsset(cloud, build, `arn:aws:s3:::${bucket}/${key}`);
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

/** An asset is a file of this machine, and an object of the account on AWS. */
function checkAsset(cloud: Cloud, build: Build, object: string): void {
  const role = roleOf(cloud, build);
  if (!cloud.policies.allows(role, 's3:GetObject', object))
    throw new Error(`${role.arn} is not authorized to perform s3:GetObject on ${object}`);
}
