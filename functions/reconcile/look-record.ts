import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';
import type { Look } from './tips.ts';

const lookSchema = z.object({
  settled: z.record(z.string(), z.string()),
  waiting: z.record(
    z.string(),
    z.object({ id: z.string(), since: z.string(), before: z.string().optional() }),
  ),
  others: z.record(z.string(), z.array(z.string())).optional(),
});

// No pointer's key has a space in its host.
const idOf = (of: string): string => `reconcile of ${of}`;

// An item of DynamoDB holds 400 KB with its names: some 12,000 refs.
const MAX_BYTES = 390_000;

/** The look before at a repository, `host/owner/name`. */
export async function readLook(of: string): Promise<Look | undefined> {
  const item = z
    .object({ look: z.instanceof(Uint8Array) })
    .optional()
    .parse(await read(of));
  return item && lookSchema.parse(JSON.parse(String(await promisify(gunzip)(item.look))));
}

/** @throws for a repository with more refs than a record holds */
export async function keepLook(of: string, look: Look): Promise<void> {
  const zipped = await promisify(gzip)(JSON.stringify(look));
  if (zipped.length > MAX_BYTES)
    throw new Error(`${of} has more refs than a record of ${MAX_BYTES} bytes holds: it is not looked at`);
  await keep(of, { look: zipped });
}

const progressSchema = z.object({
  /** as `Turn` has them */
  host: z.string().default(''),
  positions: z.record(z.string(), z.string()).default({}),
  /** by host: until when it is left alone, ISO */
  rests: z.record(z.string(), z.string()).default({}),
});

/** Where the looks of the schedule stand. */
export type Progress = z.infer<typeof progressSchema>;

export const readProgress = async (): Promise<Progress> => progressSchema.parse((await read('all')) ?? {});
export const keepProgress = (progress: Progress): Promise<void> => keep('all', progress);

/** The ISO time from which on the deliveries of a webhook are looked at, `""` for one that was never looked at. */
export async function readSince(hook: string): Promise<string> {
  return (
    z
      .object({ since: z.string() })
      .optional()
      .parse(await read(hook))?.since ?? ''
  );
}
export const keepSince = (hook: string, since: string): Promise<void> => keep(hook, { since });

async function read(of: string): Promise<unknown> {
  const key = { TableName: environment('REFS_TABLE'), Key: { id: idOf(of) }, ConsistentRead: true };
  return (await dynamo().send(new GetCommand(key))).Item;
}

async function keep(of: string, item: object): Promise<void> {
  await dynamo().send(
    new PutCommand({ TableName: environment('REFS_TABLE'), Item: { id: idOf(of), ...item } }),
  );
}
