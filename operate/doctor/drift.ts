import { isDeepStrictEqual } from 'node:util';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { NamedRule } from '../../events/rule.ts';
import type { Connection } from '../connection/connection.ts';
import { listRules } from '../rules/index.ts';
import { type CheckResult, notChecked, ok, warning } from './finding.ts';

const section = z.record(z.string(), z.unknown()).default({});
const templateSchema = z.looseObject({
  Parameters: section,
  Mappings: section,
  Conditions: section,
  Resources: section,
  Outputs: section,
});

// Nobody reads more names at a glance.
const MAX_NAMES = 5;

/**
 * Compares the stack's template with the one that is made here.
 * @param here the template that `cdk synth` makes; undefined when it makes none for this stack
 * @param advice how to make both the same
 */
export async function checkTemplate(
  { cloudformation, outputs }: Connection,
  here: string | undefined,
  advice: string,
): Promise<CheckResult> {
  if (here === undefined) return notChecked(`cdk synth makes no stack ${outputs.stackName} here`);
  const { TemplateBody = '' } = await cloudformation.send(
    new GetTemplateCommand({ StackName: outputs.stackName, TemplateStage: 'Original' }),
  );
  const differing = differences(jsonOf(TemplateBody), jsonOf(here));
  if (differing.length === 0) return ok('what is deployed is what cdk synth makes here');
  const more = differing.length > MAX_NAMES ? ` and ${differing.length - MAX_NAMES} more` : '';
  return warning(`not as here: ${differing.slice(0, MAX_NAMES).join(', ')}${more}`, advice);
}

// CloudFormation answers `?` for every character beyond ASCII; the CDK compares so too.
const BEYOND_ASCII = /[\u{80}-\u{10ffff}]/gu;
const jsonOf = (text: string): unknown => JSON.parse(text.replace(BEYOND_ASCII, '?'));

/** The differences of two templates by logical id: `+` is only here, `-` is only deployed, `~` is not the same. */
export function differences(deployed: unknown, here: unknown): string[] {
  const [there, now] = [templateSchema.parse(deployed), templateSchema.parse(here)];
  const sections = ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'] as const;
  return sections.flatMap((name) => {
    const ids = new Set([...Object.keys(there[name]), ...Object.keys(now[name])]);
    return [...ids].sort().flatMap((id) => {
      const [was, is] = [there[name][id], now[name][id]];
      if (isDeepStrictEqual(was, is)) return [];
      return [`${was === undefined ? '+' : is === undefined ? '-' : '~'} ${id}`];
    });
  });
}

/** Compares the rules of the bus with the files here. @param advice how to make both the same */
export async function checkDeployedRules(
  connection: Connection,
  files: readonly NamedRule[],
  advice: string,
): Promise<CheckResult> {
  const rules = await listRules(connection);
  const off = rules.filter(({ enabled }) => !enabled).map(({ name }) => `${name} is switched off`);
  const missing = files
    .filter(({ name }) => !rules.some((rule) => rule.name === name))
    .map(({ name }) => `${name} is not deployed`);
  const different = rules.flatMap(({ name, match }) => {
    const file = files.find((each) => each.name === name);
    if (!file) return [`${name} has no file here`];
    return isDeepStrictEqual(match, plain(file.match))
      ? []
      : [`${name} matches something else than its file`];
  });
  const deviations = [...off, ...missing, ...different];
  if (deviations.length > 0) return warning(deviations.join(', '), advice);
  return ok(`${rules.length === 1 ? 'one rule' : `${rules.length} rules`}, as the files here`);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
