import { afterAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { statesService } from '../../../../local/services/states/index.ts';
import { fakeCloud } from '../../../../local/testing.ts';
import { MACHINE, one, ROLE, resource, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const succeed = one({ Type: 'Succeed' });
const execution = { executionArn: MACHINE.replace('stateMachine', 'execution') };
const machine = { stateMachineArn: MACHINE };

describe('a member that is not carried out is refused by name', () => {
  it.each([
    ['StartExecution', { ...machine, traceHeader: 'Root=1' }, 'traceHeader'],
    ['StopExecution', { ...execution, madeUp: 1 }, 'madeUp'],
    ['RedriveExecution', { ...execution, madeUp: 1 }, 'madeUp'],
    ['DescribeExecution', { ...execution, madeUp: 1 }, 'madeUp'],
    ['ListExecutions', { mapRunArn: 'arn' }, 'mapRunArn'],
    ['GetExecutionHistory', { ...execution, madeUp: 1 }, 'madeUp'],
    ['DescribeStateMachine', { ...machine, madeUp: 1 }, 'madeUp'],
    ['DescribeStateMachineForExecution', { ...execution, madeUp: 1 }, 'madeUp'],
    ['ListStateMachines', { madeUp: 1 }, 'madeUp'],
  ])('of %s', async (operation, input, member) => {
    const { cloud } = await setUp(succeed);
    const given = operation === 'ListExecutions' ? { ...machine, ...input } : input;
    await expect(cloud.request('states', operation, given)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(`the members ${member} of states:${operation}`),
    });
  });

  it('and a value of the wrong form in the service’s own words', async () => {
    const { cloud } = await setUp(succeed);
    await expect(
      cloud.request('states', 'ListExecutions', { ...machine, maxResults: 1001 }),
    ).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining('maxResults') });
  });
});

describe('a property of a state machine', () => {
  const provision = async (properties: object) => {
    const cloud = fakeCloud(folder());
    const given = { RoleArn: ROLE, DefinitionString: JSON.stringify(succeed), ...properties };
    try {
      return await makeResource(cloud.add(statesService(cloud)), resource(given));
    } finally {
      await cloud.close();
    }
  };

  it('that is not carried out is refused by name', async () => {
    await expect(provision({ MadeUp: 1 })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('the members MadeUp of AWS::StepFunctions::StateMachine'),
    });
  });

  it('that changes nothing here is taken', async () => {
    const LoggingConfiguration = { Level: 'OFF', IncludeExecutionData: 'true' };
    await expect(provision({ LoggingConfiguration, Tags: [] })).resolves.toMatchObject({
      attributes: { Name: 's-M-1' },
    });
  });

  it.each([{ DefinitionString: undefined }, { Definition: succeed }])(
    'that has no definition, or two, is refused: %j',
    async (properties) => {
      await expect(provision(properties)).rejects.toMatchObject({ code: 'ValidationException' });
    },
  );
});

describe('a task that calls a service', () => {
  const calling = (Resource: string, Parameters: object) => ({
    StartAt: 'A',
    States: {
      A: {
        Type: 'Task',
        Resource,
        Parameters,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', Result: 'caught', End: true },
    },
  });
  const StartBuild = () => {
    throw new AwsError('ResourceNotFoundException', 'there is no such project');
  };
  const run = async (resourceName: string, parameters: object, input: object = {}) => {
    const at = await setUp(calling(`arn:aws:states:::${resourceName}`, parameters), {}, { StartBuild });
    return at.run(input);
  };

  it('fails for good by a member that Step Functions does not know, where a path leads to it', async () => {
    const parameters = { ProjectName: 'p', 'EnvironmentVariablesOverride.$': '$.variables' };
    const variables = [{ name: 'A', value: 'b' }];
    expect(await run('codebuild:startBuild', parameters, { variables })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining("the field 'name'"),
    });
  });

  it('gets the members that the service has, and its errors can be caught', async () => {
    const listed = await run('aws-sdk:sfn:listExecutions', { StateMachineArn: MACHINE, MaxResults: 1 });
    expect(JSON.parse(listed.output ?? '')).toMatchObject({ Executions: [{ StateMachineArn: MACHINE }] });
    const missing = await run('codebuild:startBuild', { ProjectName: 'none' });
    expect(missing.output).toBe('"caught"');
  });
});
