import * as z from 'zod';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { compilePattern } from '../../core/event-pattern/compile.ts';
import { inert, keyId } from '../../core/forms.ts';
import { pageOf } from '../../core/paging.ts';
import { pageMembers } from './lists.ts';
import { type Archive, arnOf, busName, busOf, type State, throwNotFound } from './tables.ts';
import { seconds } from './time.ts';

export const archiveProperties = z.strictObject({
  ArchiveName: z
    .string()
    .regex(/^[.\-_A-Za-z0-9]{1,48}$/, 'an archive name holds 1 to 48 of A-Z a-z 0-9 . - _')
    .optional(),
  SourceArn: z.string().regex(/^arn:[\w-]+:events:[^:]*:\d{12}:event-bus\/.+$/, 'is no ARN of a bus'),
  Description: z.string().max(512).optional(),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  RetentionDays: z.coerce.number().int().min(0).default(0),
  KmsKeyIdentifier: inert(keyId),
});

export async function provisionArchive(
  state: State,
  given: z.infer<typeof archiveProperties>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const { ArchiveName: name = generatedName.slice(-48) } = given;
  const pattern = given.EventPattern && JSON.stringify(given.EventPattern);
  const created = state.holdings.get(name)?.created ?? Date.now();
  if (!state.holdings.get(name)) await state.holdings.put(name, { count: 0, bytes: 0, created });
  const archive: Archive = {
    name,
    arn: arnOf(state.cloud, `archive/${name}`),
    bus: busOf(state, busName(given.SourceArn)).name,
    description: given.Description,
    pattern,
    matches: pattern ? compilePattern(pattern) : () => true,
    retentionDays: given.RetentionDays,
    created,
  };
  state.archives.set(name, archive);
  return { ref: name, attributes: { ArchiveName: name, Arn: archive.arn } };
}

/** @throws ResourceNotFoundException */
function archiveOf(state: State, name: string): Archive {
  return state.archives.get(name) ?? throwNotFound(`Archive ${name} does not exist.`);
}

export const describeInput = z.strictObject({ ArchiveName: z.string() });

export function describeArchive(state: State, { ArchiveName }: z.infer<typeof describeInput>) {
  const archive = archiveOf(state, ArchiveName);
  return {
    ...summary(state, archive),
    ArchiveArn: archive.arn,
    Description: archive.description,
    EventPattern: archive.pattern,
  };
}

export const listInput = z.strictObject({
  NamePrefix: z.string().default(''),
  EventSourceArn: z.string().optional(),
  State: z.string().optional(),
  ...pageMembers,
});

export function listArchives(state: State, input: z.infer<typeof listInput>) {
  const { NamePrefix, EventSourceArn, State, Limit, NextToken } = input;
  const archives = [...state.archives.values()]
    .filter(({ name }) => name.startsWith(NamePrefix))
    .map((archive) => summary(state, archive))
    .filter((archive) => !EventSourceArn || archive.EventSourceArn === EventSourceArn)
    .filter((archive) => !State || archive.State === State);
  const { items, next } = pageOf(archives, ({ ArchiveName }) => ArchiveName, {
    limit: Limit,
    after: NextToken,
  });
  return { Archives: items, NextToken: next };
}

function summary(state: State, { name, bus, retentionDays, created }: Archive) {
  const holding = state.holdings.get(name);
  return {
    ArchiveName: name,
    EventSourceArn: busOf(state, bus).arn,
    State: 'ENABLED',
    RetentionDays: retentionDays,
    SizeBytes: holding?.bytes ?? 0,
    EventCount: holding?.count ?? 0,
    CreationTime: seconds(created),
  };
}
