import * as z from 'zod';

const texts = z.union([z.string(), z.array(z.string()).min(1)]);
const caseless = z.strictObject({ 'equals-ignore-case': z.string() });
const COMPARISONS = ['<', '<=', '=', '>=', '>'] as const;
const number = z.number().min(-5e9).max(5e9);

/** `[">", 0, "<=", 5]`: one comparison, or the two ends of a range. */
const numeric = z.union([
  z.tuple([z.enum(COMPARISONS), number]),
  z.tuple([z.enum(['>', '>=']), number, z.enum(['<', '<=']), number]),
]);

/** One condition on a value: the value itself, or an object of one comparison. */
const condition = z.union(
  [
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.strictObject({ exists: z.boolean() }),
    z.strictObject({ prefix: z.union([z.string(), caseless]) }),
    z.strictObject({ suffix: z.union([z.string(), caseless]) }),
    z.strictObject({ wildcard: z.string() }),
    caseless,
    z.strictObject({ numeric }),
    z.strictObject({ cidr: z.string() }),
    z.strictObject({
      'anything-but': z.union([
        z.string(),
        z.number(),
        z.array(z.union([z.string(), z.number()])).min(1),
        z.strictObject({ prefix: texts }),
        z.strictObject({ suffix: texts }),
        z.strictObject({ wildcard: texts }),
        z.strictObject({ 'equals-ignore-case': texts }),
      ]),
    }),
  ],
  {
    error:
      'a condition is a value, or an object of one of exists, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, cidr',
  },
);

export type Match = {
  readonly $or?: readonly Match[] | undefined;
  readonly [member: string]: readonly z.infer<typeof condition>[] | Match | readonly Match[] | undefined;
};

const conditions = z.array(condition).min(1, { error: 'an empty list matches nothing: name a value' });

/** An EventBridge pattern on an event's `detail`: members to match, each a list of conditions any of which may hold. */
export const matchSchema: z.ZodType<Match> = z.lazy(() =>
  z
    .object({ $or: z.array(matchSchema).min(2).optional() })
    .catchall(z.union([conditions, matchSchema], { error })),
);

/** Of what is neither a list nor an object; what is wrong inside of one says so itself. */
function error({ input }: { readonly input?: unknown }): string | undefined {
  return typeof input === 'object' && input !== null
    ? undefined
    : 'write a list of values, as in [push], or the members below it';
}
