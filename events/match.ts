import * as z from 'zod';
import { AlternativesError, combinationsOf } from './alternatives.ts';

// This schema refuses every pattern that event-ruler, EventBridge's own matcher, does not compile.
const someOf = <T extends z.ZodType>(text: T) => z.union([text, z.array(text).min(1)]);
const affix = z.string().min(1, { error: 'write what it begins or ends with' });
const wildcard = z.string().regex(/^(?:[^*\\]|\\[*\\]|\*(?!\*))*$/, {
  error: 'a wildcard has no two * in a row, and \\ stands before * or \\ only',
});
const { cidrv4, cidrv6 } = z.regexes;
const cidr = z.string().regex(new RegExp(`${cidrv4.source}|${cidrv6.source}`), {
  error: 'write a block of addresses, as in 10.0.0.0/8',
});
const caseless = z.strictObject({ 'equals-ignore-case': z.string() });
const COMPARISONS = ['<', '<=', '=', '>=', '>'] as const;
const number = z.number().min(-5e9).max(5e9);

/** `[">", 0, "<=", 5]`: one comparison, or the two ends of a range. */
const numeric = z.union([
  z.tuple([z.enum(COMPARISONS), number]),
  z
    .tuple([z.enum(['>', '>=']), number, z.enum(['<', '<=']), number])
    .refine(([, low, , high]) => low < high, { error: 'the first number must be less than the second' }),
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
    z.strictObject({ wildcard }),
    caseless,
    z.strictObject({ numeric }),
    z.strictObject({ cidr }),
    z.strictObject({
      'anything-but': z.union([
        z.string(),
        z.number(),
        z
          .array(z.union([z.string(), z.number()]))
          .min(1)
          .refine((values) => new Set(values.map((value) => typeof value)).size < 2, {
            error: 'anything-but takes texts or numbers, not both in one list',
          }),
        z.strictObject({ prefix: someOf(affix) }),
        z.strictObject({ suffix: someOf(affix) }),
        z.strictObject({ wildcard: someOf(wildcard) }),
        z.strictObject({ 'equals-ignore-case': someOf(z.string()) }),
      ]),
    }),
  ],
  {
    error:
      'a condition is a value, or an object of one of exists, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, cidr',
  },
);

export type Condition = z.infer<typeof condition>;

export type Match = {
  readonly $or?: readonly Match[] | undefined;
  readonly [member: string]: readonly Condition[] | Match | readonly Match[] | undefined;
};

const conditions = z.array(condition).min(1, { error: 'an empty list matches nothing: name a value' });

/** An EventBridge pattern on an event's `detail`: members to match, each a list of conditions any of which may hold. */
export const matchSchema: z.ZodType<Match> = z.lazy(() =>
  z
    .object({ $or: z.array(matchSchema).min(2).optional() })
    .catchall(z.union([conditions, matchSchema], { error }))
    .refine((match) => Object.keys(match).length > 0, {
      error: 'an empty match takes nothing: name a member',
    })
    .superRefine(refuseDottedNames),
);

/** What EventBridge refuses of the alternatives of a whole match. */
export function refuseAlternatives(
  { match }: { readonly match: Match },
  context: z.core.$RefinementCtx,
): void {
  try {
    combinationsOf(match);
  } catch (error) {
    if (!(error instanceof AlternativesError)) throw error;
    const { path, message } = error;
    context.addIssue({ code: 'custom', path: ['match', ...path], message, input: match });
  }
}

/** EventBridge takes `a.b` for the member `b` of `a`: one way to write a path is enough. */
function refuseDottedNames(match: object, { addIssue }: z.core.$RefinementCtx): void {
  for (const name of Object.keys(match).filter((each) => each.includes('.'))) {
    const parts = name.split('.');
    const message = `a name holds no dot: write ${parts.join(': { ')}: …${' }'.repeat(parts.length - 1)}`;
    addIssue({ code: 'custom', path: [name], message, input: name });
  }
}

/** The message for a value that is neither a list nor an object; lists and objects have messages of their own. */
function error({ input }: { readonly input?: unknown }): string | undefined {
  return typeof input === 'object' && input !== null
    ? undefined
    : 'write a list of values, as in [push], or the members below it';
}
