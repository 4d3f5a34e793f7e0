import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

/** A value in DynamoDB's own form; members that are undefined are left out. */
export function attributeOf(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  // As JSON has bytes.
  if (value instanceof Uint8Array)
    return { B: Buffer.from(value).toString('base64') as unknown as Uint8Array };
  if (value instanceof Set) return { SS: z.array(z.string()).parse([...value]) };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  return { M: attributesOf(Object(value)) };
}

/** The members of an item in DynamoDB's own form. */
export const attributesOf = (item: object): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, attributeOf(value)] as const],
    ),
  );

/** A value of DynamoDB's own form in plain JavaScript. */
export function plainOf({ S, N, B, BOOL, SS, L, M }: AttributeValue): unknown {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (B !== undefined) return Buffer.from(String(B), 'base64');
  if (BOOL !== undefined) return BOOL;
  if (SS !== undefined) return new Set(SS);
  if (L !== undefined) return L.map(plainOf);
  return M === undefined ? null : itemOf(M);
}

/** An item of DynamoDB's own form in plain JavaScript. */
export const itemOf = (item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainOf(value)]));
