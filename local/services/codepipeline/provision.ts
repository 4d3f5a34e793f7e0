import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { pipelineOf } from './definition.ts';
import { seconds } from './execution.ts';
import type { Tables, Version } from './tables.ts';

/** Makes a pipeline of the template; one that has changed gets the next version, as an update on AWS does. */
export async function provision(cloud: Cloud, tables: Tables, resource: Resource): Promise<Provisioned> {
  const pipeline = pipelineOf(cloud, resource);
  const [last] = [...tables.versions.under([pipeline.name], { reverse: true, limit: 1 })];
  const version = nextVersion(last?.value, pipeline);
  if (version !== last?.value) await tables.versions.put([pipeline.name, version.number], version);
  tables.live.set(pipeline.name, version);
  return { ref: pipeline.name, attributes: { Version: String(version.number) } };
}

function nextVersion(last: Version | undefined, pipeline: Version['pipeline']): Version {
  const now = seconds();
  if (last === undefined) return { number: 1, pipeline, created: now, updated: now };
  // As JSON, in which a member without a value is the same as none.
  if (JSON.stringify(last.pipeline) === JSON.stringify(pipeline)) return last;
  return { number: last.number + 1, pipeline, created: last.created, updated: now };
}
