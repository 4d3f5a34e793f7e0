import type { Access } from '../cloud.ts';

/** The input of a call. */
export type Input = Readonly<Record<string, unknown>>;
/** The permissions that a call of an operation needs. */
export type Needs = (operation: string, input: Input) => Access[];

/** The first of the named members that is a text, `""` for none. */
export const text = (input: Input, ...names: string[]): string => {
  const found = names.map((name) => input[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
};

/** A list, empty for anything else. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
