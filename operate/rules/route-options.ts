import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { busRuleName } from '../../events/bus-event.ts';
import { ruleOptionsSchema } from '../../events/rule.ts';
import type { Connection } from '../connection/connection.ts';
import type { DeployedRule } from './index.ts';

// Only the members that decide are read: the rule may be of another version, with other options beside them.
const templateSchema = z.object({
  options: ruleOptionsSchema.pick({
    was: true,
    asksFor: true,
    actions: true,
    paths: true,
    'paths-ignore': true,
    skip: true,
    'pull-request': true,
    pipeline: true,
    status: true,
  }),
});

/** What an explanation is made of: how a rule decides, and what it makes of a delivery. */
export type ExplainedOptions = z.infer<typeof templateSchema>['options'];

/**
 * The options by which a deployed rule decides on a delivery, from the input transformer of its target
 * (events/rule-input.ts).
 * @returns undefined for a rule that was deployed before targets held the options
 */
export async function routeOptionsOf(
  { events, outputs }: Connection,
  { name }: Pick<DeployedRule, 'name'>,
): Promise<ExplainedOptions | undefined> {
  const { Targets = [] } = await events.send(
    new ListTargetsByRuleCommand({ Rule: busRuleName(outputs.busName, name), EventBusName: outputs.busName }),
  );
  const templates = Targets.flatMap(({ InputTransformer }) => InputTransformer?.InputTemplate ?? []);
  return templates.map(routeOptionsIn).find((options) => options !== undefined);
}

/** The name of the pipeline that each rule starts, by the rule's name; a rule that makes artifacts alone has none. */
export async function pipelinesOf(
  connection: Connection,
  rules: readonly Pick<DeployedRule, 'name'>[],
): Promise<Record<string, string>> {
  const found = await Promise.all(
    rules.map(async (rule) => [rule.name, (await routeOptionsOf(connection, rule))?.pipeline?.name] as const),
  );
  return Object.fromEntries(found.flatMap(([rule, name]) => (name === undefined ? [] : [[rule, name]])));
}

/** The options in the template of a target. Every placeholder of a template stands in quotes, so that the template is JSON. */
export function routeOptionsIn(template: string): ExplainedOptions | undefined {
  try {
    return templateSchema.safeParse(JSON.parse(template)).data?.options;
  } catch {
    return undefined;
  }
}
