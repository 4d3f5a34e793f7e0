import { visible } from '../parts/format.ts';

/**
 * An answer of the server. Whoever sends a delivery writes its texts: control characters, and those that turn a line's
 * direction, are shown as such wherever they stand. No id and no name of Hookline has any.
 */
export const read = <T>(text: string): T =>
  JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? visible(value) : value)) as T;
