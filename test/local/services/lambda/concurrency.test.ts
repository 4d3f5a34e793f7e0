import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { lambdaService } from '../../../../local/services/lambda/index.ts';
import { logsService } from '../../../../local/services/logs/index.ts';
import { statesService } from '../../../../local/services/states/index.ts';
import {
  type FakeCloud,
  fakeCloud,
  fakeService,
  make,
  permit,
  temporaryFolder,
} from '../../../../local/testing.ts';
import { resource } from '../../../support/local/states.ts';

const ROLE = 'arn:aws:iam::000000000000:role/f';
const folder = temporaryFolder();
const code = `${folder.path}/code`;
let cloud: FakeCloud;
let lambda: Service;
let count = 0;

beforeEach(() => {
  count += 1;
  mkdirSync(code, { recursive: true });
  // Ends when its file is there.
  const source = `import { existsSync } from 'node:fs';
    export const handler = async ({ file }) => {
      while (file && !existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
      return 'done';
    };`;
  writeFileSync(`${code}/index.mjs`, source);
  cloud = fakeCloud(`${folder.path}/state-${count}`, { 'code.zip': { path: code, packaging: 'zip' } });
  cloud.add(logsService(cloud));
  lambda = cloud.add(lambdaService(cloud));
});
afterEach(() => cloud.close());
afterAll(() => folder.remove());

const add = (name: string, ReservedConcurrentExecutions?: number) =>
  make(lambda, 'AWS::Lambda::Function', {
    FunctionName: name,
    Code: { S3Key: 'code.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: ROLE,
    Timeout: 60,
    ReservedConcurrentExecutions,
  });
const invoke = (file?: string) =>
  cloud.request('lambda', 'Invoke', { FunctionName: 'f', Payload: JSON.stringify({ file }) });

describe('a function with reserved concurrency', () => {
  it('throttles whoever is one too many, until one has ended', async () => {
    await add('f', 1);
    const file = `${folder.path}/end-${count}`;
    const first = invoke(file);
    await expect(invoke()).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    writeFileSync(file, '');
    await expect(first).resolves.toMatchObject({ StatusCode: 200 });
    await expect(invoke()).resolves.toMatchObject({ StatusCode: 200 });
  });

  it('throttles the tasks of a machine, which try again', async () => {
    await add('f', 1);
    permit(cloud, ROLE);
    cloud.add(fakeService('events', { PutEvents: () => undefined }));
    const states = cloud.add(statesService(cloud));
    const Retry = [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, BackoffRate: 1 }];
    const A = {
      ...{ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, Retry },
      Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:f', 'Payload.$': '$' },
    };
    const DefinitionString = JSON.stringify({ StartAt: 'A', States: { A } });
    const { ref } = await makeResource(states, resource({ RoleArn: ROLE, DefinitionString }));
    await states.start?.();
    const start = async (file?: string) => {
      const input = { stateMachineArn: ref, input: JSON.stringify({ file }) };
      const { executionArn } = (await cloud.request('states', 'StartExecution', input)) as {
        executionArn: string;
      };
      return executionArn;
    };
    const types = async (executionArn: string) => {
      const { events } = (await cloud.request('states', 'GetExecutionHistory', { executionArn })) as {
        events: { type: string; taskFailedEventDetails?: { error?: string } }[];
      };
      return events.map(({ type, taskFailedEventDetails }) => taskFailedEventDetails?.error ?? type);
    };
    const file = `${folder.path}/end-${count}`;
    const first = await start(file);
    await vi.waitFor(async () => expect(await types(first)).toContain('TaskStarted'));
    const second = await start();
    await vi.waitFor(async () => expect(await types(second)).toContain('Lambda.TooManyRequestsException'));
    writeFileSync(file, '');
    for (const arn of [first, second])
      await vi.waitFor(async () => expect(await types(arn)).toContain('ExecutionSucceeded'), {
        timeout: 60_000,
      });
  });

  it('leaves 100 of the account to the others', async () => {
    await add('f', 500);
    await add('g', 400);
    await expect(add('h', 1)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringContaining('leaves 99 of the account'),
    });
    await add('g', 399);
    await add('h', 1);
    await add('i');
  });
});
