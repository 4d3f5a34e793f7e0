import type { DraftProblem, DraftRequest } from '../../api.ts';

type Field = keyof DraftRequest;

/** Where each field of the form stands in a rule. */
const PATHS: Readonly<Record<Field, readonly string[]>> = {
  name: ['name'],
  description: ['description'],
  event: ['match', 'event'],
  repository: ['match', 'payload', 'repository'],
  ref: ['match', 'payload', 'ref'],
  pipeline: ['pipeline'],
  status: ['status'],
  paths: ['paths'],
};

/** Whether a problem stands at a field, or inside of what the field holds. */
const standsAt = (field: Field, { path }: DraftProblem): boolean =>
  PATHS[field].every((name, index) => path[index] === name);

/** What is wrong at a field of the form. */
export function problemAt(field: Field, problems: readonly DraftProblem[]): string {
  return joined(problems.filter((problem) => standsAt(field, problem)));
}

/** What is wrong with the rule, for which no single field is to blame. */
export function problemOfWhole(problems: readonly DraftProblem[]): string {
  const isField = (name: string): name is Field => Object.hasOwn(PATHS, name);
  const fields = Object.keys(PATHS).filter(isField);
  return joined(problems.filter((problem) => !fields.some((field) => standsAt(field, problem))));
}

const joined = (problems: readonly DraftProblem[]): string =>
  problems.map(({ message }) => message).join('; ');
