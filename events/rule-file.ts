import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { type Rule, type RuleOptions, ruleSchema } from './rule.ts';
import { explainIssue, offsetOf } from './rule-issue.ts';

/** A rule with its name: the file's, without `.yaml`. */
export interface NamedRule extends Rule {
  readonly name: string;
}

// EventBridge's limit of an event pattern.
const MAX_PATTERN_LENGTH = 2048;

/**
 * Reads every rule of a folder.
 * @param root what the paths in errors are relative to
 * @throws with each error of each file: its line and column, what was read and what is allowed
 */
export function readRules(folder: string, root = process.cwd()): NamedRule[] {
  const files = readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
  const errors: string[] = [];
  const rules = files.flatMap((file) => {
    try {
      return [readRule(join(folder, file), root)];
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  if (rules.length === 0) throw new Error(`${relative(root, folder)} holds no rule: add a .yaml file`);
  return rules;
}

/** Reads one rule. @throws with its errors, a line each */
export function readRule(path: string, root = process.cwd()): NamedRule {
  return parseRule(readFileSync(path, 'utf8'), relative(root, path));
}

/** A rule from its YAML. @param file the path that errors begin with */
export function parseRule(text: string, file: string): NamedRule {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new Error(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`).join('\n'));
  const parsed = ruleSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const messages = parsed.error.issues.map((issue) => {
      const { offset, message } = explainIssue(document, issue);
      return `${at(offset)}: ${message}`;
    });
    throw new Error(messages.join('\n'));
  }
  const rule = { name: nameOf(file), ...parsed.data };
  const { length } = JSON.stringify(eventPattern(rule));
  if (length > MAX_PATTERN_LENGTH)
    throw new Error(
      `${at(offsetOf(document, ['match']))}: the pattern has ${length} characters, EventBridge takes ${MAX_PATTERN_LENGTH}: split the rule in two files`,
    );
  return rule;
}

/** The EventBridge pattern of a rule, on the whole event. */
export function eventPattern({ match }: Rule): { source: string[]; detail: Rule['match'] } {
  return { source: ['hookline'], detail: match };
}

/** What the functions know of a rule. */
export function ruleOptions({ match, description: _, ...options }: NamedRule): RuleOptions {
  const events = Array.isArray(match.event) ? match.event : [];
  return { ...options, asksFor: events.filter((event) => typeof event === 'string') };
}

function nameOf(file: string): string {
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return name;
  throw new Error(
    `${file}: a rule is named after its file, in lower-case letters, digits and hyphens, 40 at most, not ${JSON.stringify(name)}`,
  );
}
