import * as z from 'zod';
import { WORKERS_PER_FUNCTION } from '../../../core/workers.ts';
import { isObject, type Json, jsonSchema, parseJson } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import { call } from './call.ts';
import { checkMembers } from './members.ts';
import type { Task, TaskRequest } from './task.ts';
import { Turns } from './turns.ts';

const answer = z.object({
  StatusCode: z.number(),
  ExecutedVersion: z.string().default('$LATEST'),
  FunctionError: z.string().optional(),
  Payload: z.union([z.string(), z.instanceof(Uint8Array)]).default(''),
});

const parameters = z.strictObject({
  FunctionName: z.string(),
  Payload: jsonSchema.default({}),
  Qualifier: z.string().optional(),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).optional(),
  ClientContext: z.string().optional(),
});

const turnsOf = new WeakMap<TaskRequest['cloud'], Turns>();

/** A place among those of the function that run at once. */
function turn(
  reference: string,
  { cloud, signal }: Pick<TaskRequest, 'cloud' | 'signal'>,
): Promise<() => void> {
  const name = /(?<=:function:)[^:]+/.exec(reference)?.[0] ?? reference;
  if (cloud.reserved.has(name)) return Promise.resolve(() => undefined);
  const turns = turnsOf.get(cloud) ?? new Turns(WORKERS_PER_FUNCTION);
  turnsOf.set(cloud, turns);
  return turns.take(name, signal);
}

const named = z.object({ FunctionName: z.string() });

/** `arn:aws:states:::lambda:invoke`: answers `{ExecutedVersion, Payload, StatusCode}`. */
export const lambdaInvoke: Task = {
  resourceType: 'lambda',
  resource: 'invoke',
  events: 'Task',
  check: (given) => checkMembers(parameters, given, 'lambda:invoke'),
  turn: (request) => turn(named.safeParse(request.parameters).data?.FunctionName ?? '', request),
  run: async (request) => {
    const given = parameters.safeParse(request.parameters);
    if (!given.success)
      throw new StateError(
        'States.Runtime',
        `invalid parameters of lambda:invoke: ${z.prettifyError(given.error)}`,
      );
    const { Payload: event, ...more } = given.data;
    // Step Functions gives a function an object for null.
    const { StatusCode, ExecutedVersion, Payload } = await invoke(request, { ...more, Payload: event ?? {} });
    return { ExecutedVersion, Payload, StatusCode };
  },
};

/** A function's ARN as the Resource: the input is its event, its answer the result. */
export function invokeFunction(arn: string): Task {
  return {
    resourceType: 'lambda',
    resource: arn,
    events: 'LambdaFunction',
    turn: (request) => turn(arn, request),
    run: async (request) =>
      (await invoke(request, { FunctionName: arn, Payload: request.parameters })).Payload,
  };
}

async function invoke(
  request: TaskRequest,
  { Payload, ...input }: z.infer<typeof parameters>,
): Promise<{ StatusCode: number; ExecutedVersion: string; Payload: Json }> {
  const given = { ...input, Payload: JSON.stringify(Payload) };
  const invoked = answer.parse(await call(request, 'lambda', 'Invoke', given, 'Lambda'));
  const { StatusCode, ExecutedVersion, FunctionError } = invoked;
  const text = Buffer.from(invoked.Payload).toString('utf8');
  if (FunctionError !== undefined) throw functionError(text);
  return { StatusCode, ExecutedVersion, Payload: text === '' ? {} : parseJson(text) };
}

/** The error is named by the function; the cause is all it said. */
function functionError(text: string): StateError {
  const failure = parseJson(text);
  const { errorType, errorMessage } = isObject(failure) ? failure : {};
  if (typeof errorType === 'string') return new StateError(errorType, text);
  const timedOut = typeof errorMessage === 'string' && / Task timed out after /.test(errorMessage);
  return new StateError(timedOut ? 'Sandbox.Timedout' : 'Lambda.Unknown', text);
}
