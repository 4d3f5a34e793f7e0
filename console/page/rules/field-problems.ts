import type { DraftProblem, DraftRequest } from '../../api.ts';

type Field = keyof DraftRequest;

/** The path in a rule of each field of the form. */
const PATHS: Readonly<Record<Field, readonly string[]>> = {
  name: ['name'],
  description: ['description'],
  event: ['match', 'event'],
  repository: ['match', 'payload', 'repository'],
  ref: ['match', 'payload', 'ref'],
  pipeline: ['pipeline'],
  status: ['status'],
  skipCi: ['skip'],
  skipSuperseded: ['superseded'],
  paths: ['paths'],
};

/** Whether a problem's path is a field's path or below it. */
const standsAt = (field: Field, { path }: DraftProblem): boolean =>
  PATHS[field].every((name, index) => path[index] === name);

/** The problems of a field of the form, `''` for none. */
export function problemAt(field: Field, problems: readonly DraftProblem[]): string {
  return joined(problems.filter((problem) => standsAt(field, problem)));
}

/** The problems of the rule that belong to no single field. */
export function problemOfWhole(problems: readonly DraftProblem[]): string {
  const isField = (name: string): name is Field => Object.hasOwn(PATHS, name);
  const fields = Object.keys(PATHS).filter(isField);
  return joined(problems.filter((problem) => !fields.some((field) => standsAt(field, problem))));
}

const joined = (problems: readonly DraftProblem[]): string =>
  problems.map(({ message }) => message).join('; ');
