import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { askedOf } from './asked.ts';
import { deploymentProblems } from './deployment-limits.ts';
import { type NamedRule, ruleSchema } from './rule.ts';
import { eventPattern, ruleInput, ruleOptions } from './rule-input.ts';
import { explainIssue, offsetOf, type PlacedProblem } from './rule-issue.ts';
import { MAX_RULE_NAME_LENGTH, namesOfRule, RULE_NAME } from './rule-name.ts';
import { RuleFileError, type RulePath, type RuleProblem } from './rule-problem.ts';
import { ruleValue } from './rule-value.ts';
import { cut } from './template.ts';
import { tooComplexMembers } from './wildcard-complexity.ts';

// EventBridge's limits of an event pattern and of what a rule makes of an event.
const MAX_PATTERN_LENGTH = 2048;
const MAX_TEMPLATE_LENGTH = 8192;
// CodeBuild takes some 5,500 characters of environment variables for a build, and the delivery is among them.
const MAX_BUILD_LENGTH = 3500;
const MAX_SHOWN = 200;

/** The rules of a folder: the valid ones, and the problems of the others. */
export interface CheckedRules {
  readonly rules: readonly NamedRule[];
  readonly problems: readonly RuleProblem[];
}

/** The files of a folder that are rules. */
export function ruleFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
}

/**
 * Reads every rule of a folder.
 * @param root what the paths of files are relative to
 */
export function checkRules(folder: string, root = process.cwd()): CheckedRules {
  const rules: NamedRule[] = [];
  const problems: RuleProblem[] = [];
  const problemOf = (file: string, path: RulePath, message: string): RuleProblem => ({
    file: relative(root, file),
    line: 1,
    column: 1,
    path,
    message,
  });
  for (const file of ruleFiles(folder)) {
    const path = join(folder, file);
    const checked = checkRule(path, root);
    problems.push(...checked.problems);
    for (const rule of checked.rules) {
      const taken = takenName(rule, rules);
      if (taken) problems.push(problemOf(path, [taken.name === rule.name ? 'name' : 'was'], taken.message));
      else rules.push(rule);
    }
  }
  problems.push(...deploymentProblems(rules).map((message) => problemOf(folder, [], message)));
  if (rules.length + problems.length === 0)
    problems.push(problemOf(folder, [], 'the folder holds no rule: add a .yaml file'));
  return { rules, problems };
}

/** The name of a rule that another has, or has had: what is on record under a name is of one rule. */
function takenName(
  rule: NamedRule,
  others: readonly NamedRule[],
): { readonly name: string; readonly message: string } | undefined {
  for (const other of others) {
    const name = namesOfRule(other).find((each) => namesOfRule(rule).includes(each));
    if (name === undefined) continue;
    const message =
      name === rule.name && name === other.name
        ? `there is a rule ${name} already: rename one of the two files`
        : `${name} is a name of the rule ${other.name} too: each name, also one of before, is of one rule`;
    return { name, message };
  }
  return undefined;
}

/** Every rule of a folder. @throws RuleFileError with each problem of each file */
export function readRules(folder: string, root = process.cwd()): readonly NamedRule[] {
  const { rules, problems } = checkRules(folder, root);
  if (problems.length > 0) throw new RuleFileError(problems);
  return rules;
}

/** Reads one rule: the rule if it is valid, or its problems. */
export function checkRule(path: string, root = process.cwd()): CheckedRules {
  try {
    return { rules: [parseRule(readFileSync(path, 'utf8'), relative(root, path))], problems: [] };
  } catch (error) {
    if (error instanceof RuleFileError) return { rules: [], problems: error.problems };
    throw error;
  }
}

/** A rule from its YAML. @param file the path that its problems name @throws RuleFileError */
export function parseRule(text: string, file: string): NamedRule {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = ({ offset, path, message }: PlacedProblem): RuleProblem => {
    const { line, col: column } = lines.linePos(offset);
    return { file, line, column, path, message };
  };
  const name = basename(file).replace(/\.ya?ml$/, '');
  const result = readRule(document, name);
  if ('problems' in result) throw new RuleFileError(result.problems.map(problem));
  return result.rule;
}

type ReadRule = { readonly rule: NamedRule } | { readonly problems: readonly PlacedProblem[] };

function readRule(document: Document.Parsed, name: string): ReadRule {
  if (document.errors.length > 0)
    return { problems: document.errors.map(({ pos: [offset], message }) => ({ offset, path: [], message })) };
  const read = ruleValue(document);
  if ('problems' in read) return read;
  const parsed = ruleSchema.safeParse(read.value);
  const problems = [
    ...nameProblems(name),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => explainIssue(document, issue))),
  ];
  if (!parsed.success) return { problems };
  const rule = { name, ...parsed.data };
  problems.push(...sizeProblems(document, rule), ...earlierNameProblems(document, rule));
  return problems.length > 0 ? { problems } : { rule };
}

function sizeProblems(document: Document.Parsed, rule: NamedRule): PlacedProblem[] {
  const at = (path: RulePath, message: string) => ({ offset: offsetOf(document, path), path, message });
  const { length: pattern } = JSON.stringify(eventPattern(rule));
  const { length: template } = ruleInput(rule).inputTemplate;
  const handed = { pull: rule.pull, ...askedOf(rule, ['skip', 'paths']) };
  const { length: build } = JSON.stringify(handed);
  const problems: PlacedProblem[] = tooComplexMembers(rule.match).map(({ path, wildcards }) =>
    at(
      path,
      `the wildcards of ${path.join('.')}, ${cut([...wildcards].map((each) => JSON.stringify(each)).join(', '), MAX_SHOWN)}, are too many, or too much alike, for EventBridge: write prefix or suffix where a * stands at one end only, or split the rule in two files`,
    ),
  );
  if (pattern > MAX_PATTERN_LENGTH)
    problems.push(
      at(
        ['match'],
        `the pattern has ${pattern} characters, EventBridge takes ${MAX_PATTERN_LENGTH}: split the rule in two files`,
      ),
    );
  if (template > MAX_TEMPLATE_LENGTH)
    problems.push(
      at(
        longestOption(ruleOptions(rule)),
        `the rule's options make ${template} characters with what goes to the machine, EventBridge takes ${MAX_TEMPLATE_LENGTH}: shorten them`,
      ),
    );
  if (build > MAX_BUILD_LENGTH)
    problems.push(
      at(
        longestOption(handed),
        `pull, paths and the values of the commit that the rule names make ${build} characters as JSON, a build takes ${MAX_BUILD_LENGTH} beside the delivery: shorten them`,
      ),
    );
  return problems;
}

function earlierNameProblems(document: Document.Parsed, { name, was = [] }: NamedRule): PlacedProblem[] {
  if (new Set([name, ...was]).size === 1 + was.length) return [];
  const message = `was is ${JSON.stringify(was)}: expected other names than ${name}, each once, the first of all first`;
  return [{ offset: offsetOf(document, ['was']), path: ['was'], message }];
}

/** The path of the option that takes the most room. The events that a rule asks for are read from its match. */
function longestOption(options: object): RulePath {
  const lengths = Object.entries(options).map(([name, value]) => ({
    name,
    length: JSON.stringify(value).length,
  }));
  const { name } = lengths.reduce((most, each) => (each.length > most.length ? each : most));
  return [name === 'asksFor' ? 'match' : name];
}

function nameProblems(name: string): PlacedProblem[] {
  if (RULE_NAME.test(name)) return [];
  const message = `a rule is named after its file, in lower-case letters, digits and hyphens, ${MAX_RULE_NAME_LENGTH} at most, not ${JSON.stringify(name)}`;
  return [{ offset: 0, path: ['name'], message }];
}
