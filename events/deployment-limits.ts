import type { NamedRule } from './rule.ts';
import { ruleInput, templatePattern } from './rule-input.ts';
import {
  branchPipelinesOf,
  copiesOf,
  endPipelinesOf,
  startedPipelinesOf,
  teardownPipelinesOf,
} from './rule-pipelines.ts';

// A stack holds 500 resources and a template a megabyte: test/support/variants/variants.ts makes one of so many rules, with a
// fifth of both to spare, below which the CDK warns. EventBridge takes 300 rules of a bus.
export const MAX_RULES = 180;

// A role has ten managed policies of 6,144 characters: 36 ARNs each, where the names of pipelines are as long as they may be.
export const MAX_PIPELINE_ARNS = 360;

export const MAX_TEMPLATE_BYTES = 1_000_000;

// The template without its rules, with every setting; what belongs to a rule beside its pattern and its input; an ARN of a
// pipeline, whose account and Region are not known, beside its name. test/infra/variants.template.test.ts measures them.
const FIXED_BYTES = 200_000;
const RULE_BYTES = 1_700;
const ARN_BYTES = 145;

/** What a deployment of all these rules would break, though each is right by itself: a line for each limit of AWS. */
export function deploymentProblems(rules: readonly NamedRule[]): string[] {
  const problems: string[] = [];
  if (rules.length > MAX_RULES)
    problems.push(
      `there are ${rules.length} rules, and a stack of CloudFormation holds ${MAX_RULES} with what belongs to them: let one rule take more repositories`,
    );
  const arns = arnsOfARole(rules);
  if (arns > MAX_PIPELINE_ARNS)
    problems.push(
      `the policies of one role would name ${arns} pipelines and roles, and IAM's hold ${MAX_PIPELINE_ARNS}: let pipelines share a declared prefix, or rules share a template and its role`,
    );
  const bytes = templateBytes(rules);
  if (bytes > MAX_TEMPLATE_BYTES)
    problems.push(
      `the rules make a template of some ${bytes} bytes, and CloudFormation takes ${MAX_TEMPLATE_BYTES}: give them shorter patterns and variables, or let one rule take more repositories`,
    );
  return problems;
}

/** How many ARNs stand in the policies of the role that has the most: which starts pipelines, or asks for their ends. */
function arnsOfARole(rules: readonly NamedRule[]): number {
  const [started, ends, copies] = [startedPipelinesOf(rules), endPipelinesOf(rules), copiesOf(rules)];
  const roles = new Set(branchPipelinesOf(rules).flatMap((pipeline) => pipeline.roles));
  const starting = started.length + COPY_LISTS * copies.length + roles.size;
  const ending = END_LISTS * copies.length + ends.length + teardownPipelinesOf(rules).length;
  return Math.max(starting, ending, started.length + copies.length + ends.length);
}

// The template is read; its copies are looked at, made, and changed and started.
const COPY_LISTS = 4;
// Its copies are looked at, and stopped and deleted.
const END_LISTS = 2;

/** How long the template is at most. */
export function templateBytes(rules: readonly NamedRule[]): number {
  const arns = (names: readonly string[], lists: number): number =>
    lists * sum(names.map((name) => ARN_BYTES + Buffer.byteLength(name)));
  return (
    FIXED_BYTES +
    sum(rules.map(ruleBytes)) +
    arns(startedPipelinesOf(rules), 3) +
    arns(copiesOf(rules), COPY_LISTS + 6) +
    arns(endPipelinesOf(rules), 4) +
    arns(teardownPipelinesOf(rules), 2)
  );
}

/** Of a rule of the bus: its pattern, and what its target is sent, as a text. */
const ruleBytes = (rule: NamedRule): number =>
  RULE_BYTES +
  Buffer.byteLength(JSON.stringify(templatePattern(rule))) +
  Buffer.byteLength(JSON.stringify(ruleInput(rule).inputTemplate)) +
  Buffer.byteLength(JSON.stringify(rule.description));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
