import type { Each } from '../../events/branch-pipeline-name.ts';
import { namesOfRule } from '../../events/rule-name.ts';
import type { Connection } from '../connection/connection.ts';
import { listRules } from '../rules/index.ts';
import { routeOptionsOf } from '../rules/route-options.ts';

/** A deployed rule that makes a pipeline for each branch or pull request. */
export interface TemplateRule {
  readonly name: string;
  /** its name now, and those that it had before */
  readonly names: readonly string[];
  readonly template: string;
  readonly each: Each;
  readonly limit: number;
  readonly idleDays: number | 'never';
}

export async function templateRules(connection: Connection): Promise<TemplateRule[]> {
  const rules = await listRules(connection);
  const found = await Promise.all(rules.map(({ name }) => templateRule(connection, name)));
  return found.flat();
}

async function templateRule(connection: Connection, name: string): Promise<TemplateRule[]> {
  const { pipeline, was } = (await routeOptionsOf(connection, { name })) ?? {};
  if (pipeline?.each === undefined || pipeline.limit === undefined) return [];
  const { name: template, each, limit, idleDays = 'never' } = pipeline;
  return [{ name, names: namesOfRule({ name, was }), template, each, limit, idleDays }];
}
