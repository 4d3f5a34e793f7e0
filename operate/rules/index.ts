import { type Rule as AwsRule, DescribeEventBusCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { rulePrefix } from '../../events/bus-event.ts';
import type { Connection } from '../connection/connection.ts';

/** A rule of the deployment. */
export interface DeployedRule {
  /** its file's name, without `.yaml` */
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly enabled: boolean;
  /** its pattern on the event's `detail` */
  readonly match: Record<string, unknown>;
}

const patternSchema = z.looseObject({ detail: z.record(z.string(), z.unknown()).default({}) });

/** Every rule of the bus, by name. */
export async function listRules({ events, outputs }: Connection): Promise<DeployedRule[]> {
  const rules: AwsRule[] = [];
  const prefix = rulePrefix(outputs.busName);
  let NextToken: string | undefined;
  do {
    const page = await events.send(
      new ListRulesCommand({
        EventBusName: outputs.busName,
        NamePrefix: prefix,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    rules.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return rules.map((rule) => ({
    name: (rule.Name ?? '').slice(prefix.length),
    arn: rule.Arn ?? '',
    description: rule.Description ?? '',
    enabled: rule.State === 'ENABLED',
    match: patternSchema.parse(JSON.parse(rule.EventPattern ?? '{}')).detail,
  }));
}

/** The rules of these names. @throws with the names there are when one is not among them */
export async function rulesNamed(connection: Connection, names: readonly string[]): Promise<DeployedRule[]> {
  const rules = await listRules(connection);
  const unknown = names.filter((name) => !rules.some((rule) => rule.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no rule ${unknown.join(', ')} is deployed: there are ${rules.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? rules : rules.filter(({ name }) => names.includes(name));
}

/** The bus's ARN, the only place that an archive replays to. */
export async function busArn({ events, outputs }: Connection): Promise<string> {
  const { Arn } = await events.send(new DescribeEventBusCommand({ Name: outputs.busName }));
  return Arn ?? '';
}
