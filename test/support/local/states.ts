import { randomUUID } from 'node:crypto';
import { afterEach, expect, vi } from 'vitest';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Call } from '../../../local/core/cloud.ts';
import { makeResource } from '../../../local/core/gate.ts';
import { statesService } from '../../../local/services/states/index.ts';
import {
  type FakeCloud,
  type FakeOperation,
  fakeCloud,
  fakeService,
  permit,
  temporaryFolder,
} from '../../../local/testing.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/machine';
export const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';

interface Described {
  executionArn: string;
  status: string;
  startDate: number;
  stopDate?: number;
  input?: string;
  output?: string;
  error?: string;
  cause?: string;
  redriveCount: number;
  redriveStatus: string;
}

interface Event {
  id: number;
  previousEventId: number;
  type: string;
  timestamp: number;
  [member: string]: unknown;
}

/** What the fake Lambda does, by function name. */
export type Functions = Record<string, (event: unknown, call: Call) => unknown>;

/** A function error as Lambda answers it. */
export class FunctionError {
  constructor(readonly payload: object) {}
}

export interface Setup {
  readonly cloud: FakeCloud;
  /** what was put on the default bus */
  readonly told: readonly unknown[];
  start(input?: unknown, name?: string): Promise<string>;
  describe(arn: string): Promise<Described>;
  /** when the execution has ended */
  ended(arn: string): Promise<Described>;
  run(input?: unknown): Promise<Described>;
  history(arn: string, input?: object): Promise<Event[]>;
  types(arn: string): Promise<string[]>;
}

/** A state service in this folder with one machine `m`. */
export async function machine(
  folder: string,
  definition: unknown,
  functions: Functions = {},
  codebuild: Record<string, FakeOperation> = {},
  others: Record<string, Record<string, FakeOperation>> = {},
): Promise<Setup> {
  const cloud = fakeCloud(folder);
  permit(cloud, ROLE);
  for (const [name, operations] of Object.entries(others)) cloud.add(fakeService(name, operations));
  const told: unknown[] = [];
  cloud.add(fakeService('lambda', { Invoke: invoke(functions) }));
  cloud.add(fakeService('codebuild', codebuild));
  cloud.add(fakeService('events', { PutEvents: (input) => void told.push(input) }));
  const service = cloud.add(statesService(cloud));
  const properties = { StateMachineName: 'm', RoleArn: ROLE, DefinitionString: JSON.stringify(definition) };
  await makeResource(service, resource(properties));
  await service.start?.();
  return helpers(cloud, told);
}

/** Machines in folders of their own, which are closed after each test. */
export function setUps() {
  const whole = temporaryFolder();
  const open: Setup[] = [];
  afterEach(async () => {
    for (const { cloud } of open.splice(0)) await cloud.close();
  });
  const folder = () => `${whole.path}/${randomUUID()}`;
  const setUp = async (
    definition: unknown,
    functions: Functions = {},
    codebuild: Record<string, FakeOperation> = {},
    path = folder(),
    others: Record<string, Record<string, FakeOperation>> = {},
  ) => {
    const setup = await machine(path, definition, functions, codebuild, others);
    open.push(setup);
    return setup;
  };
  return { setUp, folder, remove: () => whole.remove() };
}

/** A machine of one state. */
export const one = (state: object) => ({ StartAt: 'A', States: { A: state } });

export function resource(properties: Record<string, unknown>) {
  return {
    stackName: 's',
    logicalId: 'M',
    type: 'AWS::StepFunctions::StateMachine',
    properties,
    generatedName: 's-M-1',
  };
}

function invoke(functions: Functions): FakeOperation {
  return async (input, call) => {
    const { FunctionName, Payload } = input as { FunctionName: string; Payload: string };
    const fn = functions[FunctionName.split(':').at(-1) ?? ''];
    if (!fn) throw new AwsError('ResourceNotFoundException', `function not found: ${FunctionName}`, 404);
    const answer = await fn(JSON.parse(Payload), call);
    const common = { StatusCode: 200, ExecutedVersion: '$LATEST' };
    if (answer instanceof FunctionError)
      return { ...common, FunctionError: 'Unhandled', Payload: JSON.stringify(answer.payload) };
    return { ...common, Payload: JSON.stringify(answer ?? null) };
  };
}

function helpers(cloud: FakeCloud, told: readonly unknown[]): Setup {
  const start = async (input: unknown = {}, name?: string) => {
    const request = { stateMachineArn: MACHINE, input: JSON.stringify(input), name };
    return ((await cloud.request('states', 'StartExecution', request)) as Described).executionArn;
  };
  const describe = async (executionArn: string) =>
    (await cloud.request('states', 'DescribeExecution', { executionArn })) as Described;
  const ended = (arn: string) =>
    vi.waitFor(
      async () => {
        const described = await describe(arn);
        expect(described.status).not.toBe('RUNNING');
        return described;
      },
      { interval: 5 },
    );
  const history = async (executionArn: string, input: object = {}) =>
    (
      (await cloud.request('states', 'GetExecutionHistory', {
        executionArn,
        maxResults: 1000,
        ...input,
      })) as {
        events: Event[];
      }
    ).events;
  const types = async (arn: string) => (await history(arn)).map(({ type }) => type);
  return {
    cloud,
    told,
    start,
    describe,
    ended,
    run: async (input) => ended(await start(input)),
    history,
    types,
  };
}

export const invokeState = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, 'Payload.$': '$' },
  OutputPath: '$.Payload',
  End: true,
  ...more,
});
