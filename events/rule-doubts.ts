import { LineCounter, parseDocument } from 'yaml';
import { asksForChecks, checksProblem } from './check-runs.ts';
import { computeProblem } from './lambda-compute.ts';
import type { Match } from './match.ts';
import { isEventName } from './providers/event-names.ts';
import { isRef } from './ref.ts';
import type { NamedRule } from './rule.ts';
import { parseRule } from './rule-file.ts';
import { offsetOf } from './rule-issue.ts';
import type { RulePath, RuleProblem } from './rule-problem.ts';

interface ImpossibleValue {
  readonly path: RulePath;
  readonly message: string;
}

interface DeployedTo {
  readonly region?: string | undefined;
  readonly hosts?: Parameters<typeof checksProblem>[1] | undefined;
}

/**
 * The values in a rule's file that no delivery can have, and a compute that the Region does not have. The rule is valid, so
 * EventBridge takes it.
 * @param to the Region that it would be deployed to, and the configured hosts, where they are known
 * @throws RuleFileError
 */
export function ruleDoubts(text: string, file: string, { region, hosts }: DeployedTo = {}): RuleProblem[] {
  const rule = parseRule(text, file);
  const { match } = rule;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return [
    ...impossibleEvents(match),
    ...impossibleRepositories(match),
    ...impossibleRefs(match),
    ...missingCompute(rule, region),
    ...missingApp(rule, hosts),
  ].map(({ path, message }) => {
    const { line, col: column } = lines.linePos(offsetOf(document, path));
    return { file, line, column, path, message };
  });
}

function missingApp(rule: NamedRule, hosts: DeployedTo['hosts']): ImpossibleValue[] {
  const message = hosts && asksForChecks(rule) ? checksProblem(rule, hosts) : undefined;
  return message === undefined ? [] : [{ path: ['status'], message }];
}

function missingCompute(rule: NamedRule, region: string | undefined): ImpossibleValue[] {
  const message = region === undefined || rule.deploy === false ? undefined : computeProblem(rule, region);
  return message === undefined ? [] : [{ path: ['pull', 'compute'], message }];
}

function impossibleEvents(match: Match): ImpossibleValue[] {
  return textsAt(match, ['event'])
    .filter(({ text }) => !isEventName(text))
    .map(({ path, text }) => ({
      path,
      message: `match.event is ${JSON.stringify(text)}: no git host sends an event of this name; write one as push, create or release`,
    }));
}

function impossibleRepositories(match: Match): ImpossibleValue[] {
  return textsAt(match, ['payload', 'repository', 'full_name'])
    .filter(({ text }) => !/^[^/]+\/[^/]+$/.test(text))
    .map(({ path, text }) => ({
      path,
      message: `the repository is ${JSON.stringify(text)}: no repository is called so; write owner/name, or { prefix: owner/ } for all of an owner`,
    }));
}

/** Only a push is known to have a full ref. Without `match.event`, a rule acts on pushes alone. */
function impossibleRefs(match: Match): ImpossibleValue[] {
  if (conditionsAt(match, ['event'])?.some((event) => event !== 'push')) return [];
  return textsAt(match, ['payload', 'ref'])
    .filter(({ text }) => !isRef(text))
    .map(({ path, text }) => ({
      path,
      message: `the ref is ${JSON.stringify(text)}: a push has the full ref; write it as refs/heads/main or refs/tags/v1`,
    }));
}

/** The plain texts among the conditions at a path. */
function textsAt(
  match: Match,
  names: readonly string[],
): { readonly path: RulePath; readonly text: string }[] {
  return (conditionsAt(match, names) ?? []).flatMap((text, index) =>
    typeof text === 'string' ? [{ path: ['match', ...names, index], text }] : [],
  );
}

/** The conditions at a path; undefined when there are none. What stands below an `$or` is not looked at. */
function conditionsAt(match: Match, names: readonly string[]): readonly unknown[] | undefined {
  const found = names.reduce<Match[string]>(
    (around, name) => (around === undefined || isList(around) ? undefined : around[name]),
    match,
  );
  return isList(found) ? found : undefined;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
