import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Call, Cloud } from '../../core/cloud.ts';
import { shownPipeline } from './answers.ts';
import { declarationSchema, propertiesOf } from './declaration.ts';
import { seconds } from './execution.ts';
import type { Executions } from './executions.ts';
import { nameSchema } from './input.ts';
import type { Pipeline } from './pipeline.ts';
import { pipelineOf } from './provision.ts';
import { liveVersion, type Tables, type Version } from './tables.ts';
import { checkedTags, shownTags, tagList } from './tags.ts';

export const createSchema = z.strictObject({ pipeline: declarationSchema, tags: tagList.default([]) });
export const updateSchema = z.strictObject({ pipeline: declarationSchema });
export const deleteSchema = z.strictObject({ name: nameSchema });

/**
 * Makes a pipeline, which at once starts by itself on its configured source, as on AWS.
 * @throws PipelineNameInUseException, InvalidTagsException and whatever is wrong with the pipeline
 */
export async function createPipeline(
  cloud: Cloud,
  tables: Tables,
  executions: Executions,
  { pipeline: declaration, tags }: z.infer<typeof createSchema>,
  call: Call,
): Promise<object> {
  const { name } = declaration;
  const given = checkedTags(tags);
  const pipeline = pipelineOf(cloud, propertiesOf(declaration), name);
  refuseNeedy(pipeline);
  const now = seconds();
  const version: Version = { number: 1, pipeline, created: now, updated: now };
  await tables.store.transaction(() => {
    if (tables.live.has(name))
      throw new AwsError('PipelineNameInUseException', `there is a pipeline ${name} already`);
    void tables.tags.put(name, given);
    keep(tables, version);
    executions.startCreated(version, call);
  });
  executions.begin(name);
  const { pipeline: shown } = shownPipeline(version);
  return { pipeline: shown, tags: shownTags(tables, name) };
}

/** A pipeline's next version; on AWS too the number grows though nothing has changed. */
export async function updatePipeline(
  cloud: Cloud,
  tables: Tables,
  { pipeline: declaration }: z.infer<typeof updateSchema>,
): Promise<object> {
  const { name } = declaration;
  ownVersion(tables, name, 'updated');
  const pipeline = pipelineOf(cloud, propertiesOf(declaration), name);
  const version = await tables.store.transaction(() => {
    const last = liveVersion(tables, name);
    const next = { number: last.number + 1, pipeline, created: last.created, updated: seconds() };
    keep(tables, next);
    return next;
  });
  const { pipeline: shown } = shownPipeline(version);
  return { pipeline: shown };
}

/** Takes a pipeline away, with what ran and was to run of it. AWS says nothing of one that is not there. */
export async function deletePipeline(
  tables: Tables,
  executions: Executions,
  { name }: z.infer<typeof deleteSchema>,
): Promise<object> {
  if (!tables.live.has(name)) return {};
  ownVersion(tables, name, 'deleted');
  await executions.abandonAll(name);
  await tables.store.transaction(() => {
    for (const { key, value: id } of [...tables.order.under([name])]) {
      void tables.executions.remove(id);
      void tables.order.remove(key);
      void tables.open.remove(key);
    }
    for (const table of [tables.versions, tables.tokens])
      for (const { key } of [...table.under([name])]) void table.remove(key);
    void tables.tags.remove(name);
    void tables.made.remove(name);
    tables.live.delete(name);
  });
  return {};
}

/** Must run inside a transaction. */
function keep(tables: Tables, version: Version): void {
  const { name } = version.pipeline;
  void tables.versions.put([name, version.number], version);
  void tables.made.put(name, { version: version.number });
  tables.live.set(name, version);
}

/** A template's pipeline is made anew at every start. @throws PipelineNotFoundException, UnsupportedOperation */
function ownVersion(tables: Tables, name: string, what: string): void {
  liveVersion(tables, name);
  if (!tables.made.get(name))
    throw unsupported(`the pipeline ${name} ${what} by a call, as a template has made it`);
}

/** AWS's page does not say what becomes of the start by itself. */
function refuseNeedy({ name, variables }: Pipeline): void {
  const needy = variables.find(({ defaultValue }) => defaultValue === undefined);
  if (needy)
    throw unsupported(`CreatePipeline of ${name}, whose variable ${needy.name} has no default, which is`);
}
