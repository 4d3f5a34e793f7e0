import { HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { asPassing } from './s3-error.ts';
import { environment } from './setting.ts';

let client: S3Client | undefined;

/** Whether something stands at a key of the artifacts' bucket. */
export async function isObject(key: string): Promise<boolean> {
  client ??= new S3Client();
  try {
    await client.send(new HeadObjectCommand({ Bucket: environment('ARTIFACT_BUCKET'), Key: key }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false;
    throw asPassing(error);
  }
}
