import type { Connection } from '../connection/connection.ts';
import { pipelineTypes } from '../pipelines/pipelines.ts';
import { listRules } from '../rules/index.ts';
import { pipelinesOf } from '../rules/route-options.ts';
import { type CheckResult, failed, ok } from './finding.ts';

/**
 * Checks that each pipeline is there that a rule starts by its name, or copies for a branch, and that its start may name the
 * artifact. A name with placeholders is known once a delivery fills it.
 */
export async function checkPipelines(connection: Connection): Promise<CheckResult> {
  const rules = await listRules(connection);
  const [started, types] = await Promise.all([pipelinesOf(connection, rules), pipelineTypes(connection)]);
  const named = Object.entries(started).filter(([, name]) => !name.includes('{'));
  if (named.length === 0) return ok('no rule starts a pipeline by a name of its own');
  const absent = named.filter(([, name]) => !types.has(name));
  const old = named.filter(([, name]) => types.get(name) === 'V1');
  if (absent.length + old.length === 0) return ok([...new Set(named.map(([, name]) => name))].join(', '));
  return failed(
    [
      ...absent.map(([rule, name]) => `the rule ${rule} starts ${name}, which does not exist`),
      ...old.map(
        ([rule, name]) => `the rule ${rule} starts ${name}, which is of type V1 and takes no artifact`,
      ),
    ].join('; '),
    [
      ...(absent.length > 0 ? ['make the pipeline, or change pipeline.name in the rule'] : []),
      ...(old.length > 0 ? ['make a pipeline of type V1 one of type V2'] : []),
    ].join('; '),
  );
}
