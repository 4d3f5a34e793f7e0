import { type Document, isMap, isNode, isScalar } from 'yaml';
import type * as z from 'zod';
import { pullSchema } from './pull-options.ts';
import { ruleSchema } from './rule.ts';
import type { RulePath } from './rule-problem.ts';

type Path = readonly PropertyKey[];

/** A problem at its offset in the text of the file. */
export interface PlacedProblem {
  readonly offset: number;
  readonly path: RulePath;
  readonly message: string;
}

/** The problem of an issue that the schema has found, with its offset in the rule's file. */
export function explainIssue(document: Document.Parsed, outer: z.core.$ZodIssue): PlacedProblem {
  const { issue, path } = innermost(outer, outer.path);
  const name = path.join('.') || 'the rule';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return {
      offset: keyOffset(document, path, issue.keys[0]) ?? offsetOf(document, path),
      path: rulePath([...path, ...issue.keys.slice(0, 1)]),
      message: `${name} has no option ${keys}${allowed(path)}`,
    };
  }
  const value = document.getIn(path);
  const read = JSON.stringify(isNode(value) ? value.toJS(document) : value) ?? 'missing';
  return {
    offset: offsetOf(document, path),
    path: rulePath(path),
    message: `${name} is ${read}: ${issue.message.replace(/^Invalid input: /, '')}`,
  };
}

/** Neither YAML nor JSON has a symbol as a key. */
const rulePath = (path: Path): RulePath => path.map((key) => (typeof key === 'symbol' ? String(key) : key));

/** The offset in the file of a value, or of the nearest value around it. */
export function offsetOf(document: Document.Parsed, path: Path): number {
  const node = document.getIn(path, true);
  if (isNode(node)) return node.range?.[0] ?? 0;
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

/**
 * A value may be right in several ways, each with issues: the issue deepest in the value is that of the way meant. Of two
 * ways, it is the one that knows more of the options.
 */
function innermost(
  issue: z.core.$ZodIssue,
  path: Path,
): { readonly issue: z.core.$ZodIssue; readonly path: Path } {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return { issue, path };
  const nearest = issue.errors
    .map((issues) => issues.toSorted((a, b) => depth(b) - depth(a)))
    .toSorted((a, b) => deepest(b) - deepest(a) || unknownOptions(a) - unknownOptions(b))
    .at(0)
    ?.at(0);
  return nearest ? innermost(nearest, [...path, ...nearest.path]) : { issue, path };
}

const depth = (issue: z.core.$ZodIssue): number =>
  // An option that does not exist stands below the object that has it.
  issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0);

const deepest = ([first]: readonly z.core.$ZodIssue[]): number => (first ? depth(first) : 0);

const unknownOptions = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);

function keyOffset(document: Document.Parsed, path: Path, key: string | undefined): number | undefined {
  const parent = document.getIn(path, true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}

function allowed(path: Path): string {
  if (path.length === 0) return ` (allowed: ${Object.keys(ruleSchema.shape).join(', ')})`;
  const name = path.join('.');
  if (name === 'pull.submodules') return ' (allowed: from)';
  return name === 'pull' ? ` (allowed: ${Object.keys(pullSchema.shape).join(', ')})` : '';
}
