import * as z from 'zod';
import { definition } from '../definition.ts';
import type { Random } from './random.ts';

/** An error as a task's catcher and retriers know it. */
export class TaskError extends Error {
  constructor(
    override readonly name: string,
    message = name,
  ) {
    super(message);
  }
}

const retrierSchema = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
  MaxDelaySeconds: z.number().default(Number.POSITIVE_INFINITY),
  JitterStrategy: z.string().default('NONE'),
});
const ruleSchema = z.object({
  Variable: z.string().optional(),
  StringEquals: z.string().optional(),
  BooleanEquals: z.boolean().optional(),
  IsPresent: z.boolean().optional(),
});
const anySchema = ruleSchema.extend({ Or: z.array(ruleSchema).optional() });
const choiceSchema = anySchema.extend({ And: z.array(anySchema).optional(), Next: z.string() });
const stateSchema = z.object({
  Type: z.enum(['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail']),
  Resource: z.string().optional(),
  Parameters: z
    .object({ FunctionName: z.string().optional(), Payload: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
  ResultSelector: z.record(z.string(), z.string()).optional(),
  ResultPath: z.string().optional(),
  Result: z.unknown().optional(),
  Retry: z.array(retrierSchema).default([]),
  Catch: z
    .array(
      z.object({ ErrorEquals: z.array(z.string()), Next: z.string(), ResultPath: z.string().optional() }),
    )
    .default([]),
  Choices: z.array(choiceSchema).default([]),
  Seconds: z.number().optional(),
  SecondsPath: z.string().optional(),
  Default: z.string().optional(),
  Next: z.string().optional(),
});
const { States } = z.object({ States: z.record(z.string(), stateSchema) }).parse(definition);

type Data = Record<string, unknown>;
type State = z.infer<typeof stateSchema>;

/** What the machine's states are carried out by. */
export interface Doing {
  readonly executionArn: string;
  readonly random: Random;
  /** calls a function, by its name, or pulls; throws `TaskError` */
  task(state: string, name: string, payload: Data): Promise<unknown>;
  sleep(ms: number): Promise<void>;
}

export interface Ending {
  readonly outcome: string;
  readonly failed: boolean;
  readonly error?: string | undefined;
}

/** Runs the delivery machine's own definition from Claim on, with its retries and catchers, in the time of the run. */
export async function execute(input: Data, doing: Doing): Promise<Ending> {
  let data = input;
  let name = 'Claim';
  for (;;) {
    const state = States[name];
    if (!state) throw new Error(`the machine has no state ${name}`);
    if (state.Type === 'Succeed') return { outcome: name, failed: false };
    if (state.Type === 'Fail') return { outcome: name, failed: true, error: text(at(data, '$.error.Error')) };
    if (state.Type === 'Choice') {
      name = choose(state, data);
      continue;
    }
    if (state.Type === 'Wait') {
      await doing.sleep(secondsOf(state, data) * 1000);
      name = state.Next ?? '';
      continue;
    }
    if (state.Type === 'Pass') {
      data = put(data, state.ResultPath, state.Result);
      name = state.Next ?? '';
      continue;
    }
    const done = await attempt(name, state, data, doing);
    if ('error' in done) return { outcome: name, failed: true, error: done.error };
    ({ data, next: name } = done);
  }
}

/** How long a Wait waits. */
const secondsOf = ({ Seconds, SecondsPath }: State, data: Data): number =>
  Seconds ?? z.number().parse(at(data, SecondsPath ?? '$'));

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

type Done = { data: Data; next: string } | { error: string };

async function attempt(name: string, state: State, data: Data, doing: Doing): Promise<Done> {
  const tries = new Map<number, number>();
  for (;;) {
    try {
      const result = await call(name, state, data, doing);
      return { data: put(data, state.ResultPath, result), next: state.Next ?? '' };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const index = state.Retry.findIndex((retrier) => takes(retrier, error));
      const retrier = state.Retry[index];
      const tried = tries.get(index) ?? 0;
      if (retrier && tried < retrier.MaxAttempts) {
        tries.set(index, tried + 1);
        await doing.sleep(delay(retrier, tried, doing.random));
        continue;
      }
      return caught(state, data, error);
    }
  }
}

const takes = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }, { name }: TaskError): boolean =>
  ErrorEquals.includes(name) || ErrorEquals.includes('States.ALL');

function caught({ Catch }: State, data: Data, error: TaskError): Done {
  const catcher = Catch.find((each) => takes(each, error));
  if (!catcher) return { error: error.name };
  const cause = JSON.stringify({ errorType: error.name, errorMessage: error.message });
  return { data: put(data, catcher.ResultPath, { Error: error.name, Cause: cause }), next: catcher.Next };
}

function delay(retrier: z.infer<typeof retrierSchema>, tried: number, random: Random): number {
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds);
  return seconds * 1000 * (JitterStrategy === 'FULL' ? random.next() : 1);
}

async function call(name: string, state: State, data: Data, doing: Doing): Promise<unknown> {
  const { FunctionName, Payload = {} } = state.Parameters ?? {};
  if (!FunctionName) return doing.task(name, 'pull', data);
  const { outcome } = Payload;
  const payload = { state: data, executionArn: doing.executionArn, ...(outcome ? { outcome } : {}) };
  const answer = await doing.task(name, FunctionName, payload);
  const entries = Object.entries(state.ResultSelector ?? {});
  return Object.fromEntries(
    entries.map(([member, path]) => [member.replace(/\.\$$/, ''), at({ Payload: answer }, path)]),
  );
}

function choose({ Choices, Default }: State, data: Data): string {
  const holds = ({ Variable = '$', StringEquals, BooleanEquals, IsPresent }: z.infer<typeof ruleSchema>) => {
    const value = at(data, Variable);
    if (IsPresent !== undefined) return (value !== undefined) === IsPresent;
    return value === (StringEquals ?? BooleanEquals);
  };
  const anyHolds = ({ Or, ...rule }: z.infer<typeof anySchema>) => (Or ?? [rule]).some(holds);
  const chosen = Choices.find((choice) => (choice.And ?? [choice]).every(anyHolds));
  return chosen?.Next ?? Default ?? '';
}

function at(data: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, member) => Object(value)[member], data);
}

function put(data: Data, path: string | undefined, value: unknown): Data {
  return path?.startsWith('$.') ? { ...data, [path.slice(2)]: value } : data;
}
