import * as z from 'zod';
import { jsonSchema, objectSchema } from '../payload/json.ts';

const name = z.string().min(1).max(80);
const path = z.string().regex(/^\$/, 'a path begins with $');
// A path, or null for `{}` (InputPath, OutputPath) and for nothing (ResultPath).
const optionalPath = path.nullable().optional();
// Step Functions says: Maximum value is 99999999.
const MOST = 99_999_999;
const seconds = z.number().int().positive().max(MOST);

const errorNames = z.array(z.string().min(1)).min(1);

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  IntervalSeconds: seconds.default(1),
  MaxAttempts: z.number().int().min(0).max(MOST).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: seconds.max(31_622_399).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  Next: name,
  ResultPath: optionalPath,
});

const base = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONPath').optional() };
const next = { Next: name.optional(), End: z.literal(true).optional() };
const paths = { InputPath: optionalPath, OutputPath: optionalPath };
const payload = { Parameters: jsonSchema.optional(), ResultPath: optionalPath };
const failing = {
  ResultSelector: jsonSchema.optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
};

const pass = z.strictObject({
  Type: z.literal('Pass'),
  Result: jsonSchema.optional(),
  ...{ ...base, ...next, ...paths, ...payload },
});

const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  TimeoutSeconds: seconds.optional(),
  TimeoutSecondsPath: path.optional(),
  ...{ ...base, ...next, ...paths, ...payload, ...failing },
});

/** One comparison, or And, Or, Not of more; which operator it holds is read by choose.ts. */
const rule = objectSchema;

const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(rule).min(1),
  Default: name.optional(),
  ...{ ...base, ...paths },
});

const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: z.number().int().min(0).max(MOST).optional(),
  SecondsPath: path.optional(),
  Timestamp: z.iso.datetime({ offset: true }).optional(),
  TimestampPath: path.optional(),
  ...{ ...base, ...next, ...paths },
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...base, ...paths });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  ErrorPath: z.string().optional(),
  Cause: z.string().optional(),
  CausePath: z.string().optional(),
  ...base,
});

const branch = z.lazy((): z.ZodType<Branch> => branchSchema);
const processor = z.lazy((): z.ZodType<Processor> => processorSchema);

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  Branches: z.array(branch).min(1),
  ...{ ...base, ...next, ...paths, ...payload, ...failing },
});

const map = z.strictObject({
  Type: z.literal('Map'),
  ItemProcessor: processor.optional(),
  Iterator: branch.optional(),
  ItemsPath: path.optional(),
  ItemSelector: jsonSchema.optional(),
  MaxConcurrency: z.number().int().min(0).default(0),
  ...{ ...base, ...next, ...paths, ...payload, ...failing },
});

const state = z.discriminatedUnion('Type', [pass, task, choice, wait, succeed, fail, parallel, map]);

/** The states inside a Parallel's branch, or a Map's. */
interface Branch {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, State>;
}

interface Processor extends Branch {
  ProcessorConfig?: { Mode: 'INLINE' } | undefined;
}

/** A state machine. */
export interface Definition extends Branch {
  Version?: string | undefined;
  QueryLanguage?: 'JSONPath' | undefined;
  TimeoutSeconds?: number | undefined;
}

export type State = z.infer<typeof state>;
export type StateOf<T extends State['Type']> = Extract<State, { Type: T }>;
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type Rule = z.infer<typeof rule>;

const branchMembers = {
  Comment: z.string().optional(),
  StartAt: name,
  States: z.record(name, state),
};
const branchSchema = z.strictObject(branchMembers);
const processorSchema = z.strictObject({
  ...branchMembers,
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
});

export const definitionSchema: z.ZodType<Definition> = z.strictObject({
  ...branchMembers,
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  TimeoutSeconds: seconds.optional(),
});
