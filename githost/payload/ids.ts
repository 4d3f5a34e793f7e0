import { createHash } from 'node:crypto';

/** A number that always stands for this name: 48 bits of its hash, so that two names hardly ever share one. */
export function numberOf(kind: string, name: string): number {
  return createHash('sha256').update(`${kind}:${name}`).digest().readUIntBE(0, 6);
}

/** The id of a thing in GitHub's graph. */
export const nodeOf = (kind: string, id: number): string => Buffer.from(`0:${kind}${id}`).toString('base64');
