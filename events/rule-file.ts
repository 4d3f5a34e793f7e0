import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { SOURCE } from './bus-event.ts';
import { type Rule, ruleSchema } from './rule.ts';
import { ruleInput, ruleOptions } from './rule-input.ts';
import { explainIssue, offsetOf } from './rule-issue.ts';
import { RuleFileError, type RuleProblem } from './rule-problem.ts';

/** A rule with its name: the file's, without `.yaml`. */
export interface NamedRule extends Rule {
  readonly name: string;
}

// EventBridge's limits of an event pattern and of what a rule makes of an event.
const MAX_PATTERN_LENGTH = 2048;
const MAX_TEMPLATE_LENGTH = 8192;

/** What a folder of rules holds: the rules that can be taken, and what is wrong with the others. */
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
  const at = (message: string, file = folder): RuleProblem => ({
    file: relative(root, file),
    line: 1,
    column: 1,
    message,
  });
  for (const file of ruleFiles(folder)) {
    const path = join(folder, file);
    const checked = checkRule(path, root);
    problems.push(...checked.problems);
    for (const rule of checked.rules) {
      const twin = rules.some(({ name }) => name === rule.name);
      if (twin) problems.push(at(`there is a rule ${rule.name} already: rename one of the two files`, path));
      else rules.push(rule);
    }
  }
  if (rules.length + problems.length === 0) problems.push(at('the folder holds no rule: add a .yaml file'));
  return { rules, problems };
}

/** Every rule of a folder. @throws RuleFileError with each problem of each file */
export function readRules(folder: string, root = process.cwd()): readonly NamedRule[] {
  const { rules, problems } = checkRules(folder, root);
  if (problems.length > 0) throw new RuleFileError(problems);
  return rules;
}

/** Reads one rule, and what is wrong with it. */
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
  const problem = ({ offset, message }: Found): RuleProblem => {
    const { line, col: column } = lines.linePos(offset);
    return { file, line, column, message };
  };
  const name = basename(file).replace(/\.ya?ml$/, '');
  const result = read(document, name);
  if ('found' in result) throw new RuleFileError(result.found.map(problem));
  return result.rule;
}

interface Found {
  readonly offset: number;
  readonly message: string;
}

function read(document: Document.Parsed, name: string): { rule: NamedRule } | { found: Found[] } {
  if (document.errors.length > 0)
    return { found: document.errors.map(({ pos: [offset], message }) => ({ offset, message })) };
  const parsed = ruleSchema.safeParse(document.toJS());
  const found = [
    ...nameProblems(name),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => explainIssue(document, issue))),
  ];
  if (!parsed.success) return { found };
  const rule = { name, ...parsed.data };
  found.push(...sizeProblems(document, rule));
  return found.length > 0 ? { found } : { rule };
}

function sizeProblems(document: Document.Parsed, rule: NamedRule): Found[] {
  const { length: pattern } = JSON.stringify(eventPattern(rule));
  const { length: template } = ruleInput(rule).inputTemplate;
  const found: Found[] = [];
  if (pattern > MAX_PATTERN_LENGTH)
    found.push({
      offset: offsetOf(document, ['match']),
      message: `the pattern has ${pattern} characters, EventBridge takes ${MAX_PATTERN_LENGTH}: split the rule in two files`,
    });
  if (template > MAX_TEMPLATE_LENGTH)
    found.push({
      offset: offsetOf(document, [longest(ruleOptions(rule))]),
      message: `the rule's options make ${template} characters with what goes to the machine, EventBridge takes ${MAX_TEMPLATE_LENGTH}: shorten them`,
    });
  return found;
}

/** The option that takes the most room. */
function longest(options: object): string {
  const lengths = Object.entries(options).map(([name, value]) => ({
    name,
    length: JSON.stringify(value).length,
  }));
  return lengths.reduce((most, each) => (each.length > most.length ? each : most)).name;
}

function nameProblems(name: string): Found[] {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return [];
  const message = `a rule is named after its file, in lower-case letters, digits and hyphens, 40 at most, not ${JSON.stringify(name)}`;
  return [{ offset: 0, message }];
}

/** The EventBridge pattern of a rule, on the whole event. */
export function eventPattern({ match }: Rule): { source: string[]; detail: Rule['match'] } {
  return { source: [SOURCE], detail: match };
}
