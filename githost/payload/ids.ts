import { createHash } from 'node:crypto';

/** A number that stands for the name for good, and never for another one (48 bits of its hash). */
export function numberOf(kind: string, name: string): number {
  return createHash('sha256').update(`${kind}:${name}`).digest().readUIntBE(0, 6);
}

/** The id of a thing in GitHub's graph. */
export const nodeOf = (kind: string, id: number): string => Buffer.from(`0:${kind}${id}`).toString('base64');
