import type { Connection } from '../connection/connection.ts';
import { pipelineNames } from '../pipelines/pipelines.ts';
import { listRules } from '../rules/index.ts';
import { pipelinesOf } from '../rules/route-options.ts';
import { type CheckResult, failed, ok } from './finding.ts';

/**
 * Checks that each pipeline is there that a rule starts by its name, or copies for a branch. A name with placeholders is
 * known once a delivery fills it.
 */
export async function checkPipelines(connection: Connection): Promise<CheckResult> {
  const rules = await listRules(connection);
  const [started, existing] = await Promise.all([
    pipelinesOf(connection, rules),
    pipelineNames(connection).then((names) => new Set(names)),
  ]);
  const named = Object.entries(started).filter(([, name]) => !name.includes('{'));
  if (named.length === 0) return ok('no rule starts a pipeline by a name of its own');
  const absent = named.filter(([, name]) => !existing.has(name));
  if (absent.length === 0) return ok([...new Set(named.map(([, name]) => name))].join(', '));
  return failed(
    absent.map(([rule, name]) => `the rule ${rule} starts ${name}, which does not exist`).join('; '),
    'make the pipeline, or change pipeline.name in the rule',
  );
}
