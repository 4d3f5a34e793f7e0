import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { pipesService } from '../../../../local/services/pipes/index.ts';
import { fakeCloud, permit, temporaryFolder } from '../../../../local/testing.ts';

const MACHINE = { StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } };

describe('Pipes', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  let pipes: Service;
  const make = async (properties: Record<string, unknown> = {}) =>
    makeResource(pipes, {
      stackName: 'T',
      logicalId: 'L',
      type: 'AWS::Pipes::Pipe',
      properties: {
        Name: 'pipe',
        Source: 'arn:aws:sqs:us-east-1:000000000000:queue',
        Target: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine',
        TargetParameters: MACHINE,
        RoleArn: 'arn:aws:iam::000000000000:role/pipe',
        ...properties,
      },
      generatedName: 'T-L-1',
    });
  const refusal = (member: string) => ({
    code: 'UnsupportedOperation',
    message: expect.stringMatching(new RegExp(`\\b${member}\\b`)),
  });

  beforeAll(async () => {
    pipes = cloud.add(pipesService(cloud));
    permit(cloud, 'arn:aws:iam::000000000000:role/pipe');
    await make({ Tags: { a: 'b' }, KmsKeyIdentifier: 'alias/a' });
    await make({ Name: 'other' });
  });
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  it.each([
    [{ LogConfiguration: {} }, 'LogConfiguration'],
    [{ Nonsense: 1 }, 'Nonsense'],
    [{ EnrichmentParameters: { InputTemplate: 'x' } }, 'EnrichmentParameters.InputTemplate'],
    [{ TargetParameters: { ...MACHINE, InputTemplate: 'x' } }, 'TargetParameters.InputTemplate'],
    [
      { SourceParameters: { SqsQueueParameters: { MaximumBatchingWindowInSeconds: 5 } } },
      'SourceParameters.SqsQueueParameters.MaximumBatchingWindowInSeconds',
    ],
    [
      { SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{}', Name: 'x' }] } } },
      'SourceParameters.FilterCriteria.Filters.0.Name',
    ],
    [{ TargetParameters: {} }, 'REQUEST_RESPONSE'],
    [{ Source: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }, 'pipe source'],
    [{ Target: 'arn:aws:sns:us-east-1:000000000000:topic' }, 'pipe target'],
  ])('refuses %j of a pipe', async (properties, named) => {
    await expect(make(properties)).rejects.toMatchObject(refusal(named));
  });

  it('has five filters at most', async () => {
    const filters = (count: number) => ({
      SourceParameters: { FilterCriteria: { Filters: Array(count).fill({ Pattern: '{"body":["a"]}' }) } },
    });
    await expect(make(filters(5))).resolves.toBeDefined();
    await expect(make(filters(6))).rejects.toThrow('5 filters at most');
  });

  it('refuses a member that its operations do not have', async () => {
    await expect(cloud.request('pipes', 'ListPipes', { namePrefix: 'p' })).rejects.toMatchObject(
      refusal('namePrefix'),
    );
    await expect(cloud.request('pipes', 'DescribePipe', { Name: 'pipe', A: 1 })).rejects.toMatchObject(
      refusal('A'),
    );
  });

  it('lists the pipes that a client asks for, a page at a time', async () => {
    const list = async (input: object) =>
      z
        .looseObject({ NextToken: z.string().optional() })
        .parse(await cloud.request('pipes', 'ListPipes', input));
    expect(await list({ NamePrefix: 'pi' })).toMatchObject({ Pipes: [{ Name: 'pipe' }] });
    expect(await list({ DesiredState: 'STOPPED' })).toEqual({ Pipes: [] });
    const first = await list({ Limit: '1' });
    expect(first).toMatchObject({ Pipes: [{ Name: 'other' }] });
    const { NextToken } = first;
    expect(await list({ Limit: '1', NextToken })).toMatchObject({ Pipes: [{ Name: 'pipe' }] });
  });
});
