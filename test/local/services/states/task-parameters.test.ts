import { afterAll, describe, expect, it } from 'vitest';
import { one, policy, role, services } from '../../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const make = (resource: string, Parameters?: unknown) =>
  deploy(
    one(
      'AWS::StepFunctions::StateMachine',
      {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify({
          StartAt: 'A',
          States: { A: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, End: true } },
        }),
      },
      role('states.amazonaws.com', {
        Policies: [
          { PolicyName: 'p', PolicyDocument: policy({ Effect: 'Allow', Action: 'events:*', Resource: '*' }) },
        ],
      }),
    ),
  );

const SEND = 'aws-sdk:sqs:sendMessage';
const message = { QueueUrl: 'q', MessageBody: 'b' };
const START = 'codebuild:startBuild';
const variables = (...EnvironmentVariablesOverride: unknown[]) => ({
  ProjectName: 'p',
  EnvironmentVariablesOverride,
});

describe('parameters that a task takes are taken:', () => {
  it.each<[string, unknown]>([
    [SEND, message],
    [SEND, { 'QueueUrl.$': '$.q', 'MessageBody.$': "States.Format('{}', $.a)", DelaySeconds: 5 }],
    ['aws-sdk:eventbridge:putEvents', { Entries: [{ Source: 'a', DetailType: 'b', 'Detail.$': '$.d' }] }],
    ['aws-sdk:eventbridge:putEvents', { 'Entries.$': '$.entries' }],
    ['aws-sdk:sfn:startExecution', { StateMachineArn: 'a', 'Input.$': '$' }],
    ['codebuild:startBuild.sync', variables({ Name: 'a', 'Value.$': '$.a' }, { Name: 'b', Value: 'b' })],
    ['lambda:invoke', { FunctionName: 'f', Payload: { 'any.$': '$.thing', other: [1, null] } }],
  ])('%s %j', async (resource, parameters) => {
    await expect(make(resource, parameters)).resolves.toBeDefined();
  });
});

describe('parameters that it does not take are refused when the machine is made:', () => {
  it.each<[string, unknown, string]>([
    [SEND, { ...message, Nope: 1 }, 'sqs:SendMessage has no parameter Nope'],
    [SEND, { ...message, 'Nope.$': '$.x' }, 'sqs:SendMessage has no parameter Nope'],
    [SEND, { QueueUrl: 'q' }, 'sqs:SendMessage needs MessageBody'],
    [SEND, { 'QueueUrl.$': '$.q' }, 'sqs:SendMessage needs MessageBody'],
    [SEND, undefined, 'sqs:SendMessage needs QueueUrl'],
    [SEND, { ...message, QueueUrl: 5 }, 'does not take this QueueUrl: Invalid input: expected string'],
    [SEND, { MessageBody: 'b', DelaySeconds: 901, 'QueueUrl.$': '$.q' }, 'does not take this DelaySeconds'],
    [SEND, 'x', 'A has the Parameters "x", which is no object'],
    [SEND, [1], 'A has the Parameters [1], which is no object'],
    ['aws-sdk:eventbridge:putEvents', { Entries: [{ Nope: 1 }] }, 'no parameter Entries[0].Nope'],
    ['aws-sdk:eventbridge:putEvents', { Entries: [{ 'Nope.$': '$.a' }] }, 'no parameter Entries[0].Nope'],
    ['aws-sdk:sfn:startExecution', { stateMachineArn: 'a' }, "the field 'stateMachineArn' is not supported"],
    ['aws-sdk:sfn:startExecution', { StateMachineArn: 'a', Nope: 1 }, 'no parameter Nope'],
    ['aws-sdk:codebuild:startBuild', {}, 'codebuild:StartBuild needs ProjectName'],
    [START, {}, 'codebuild:startBuild needs ProjectName'],
    [START, { ProjectName: 1 }, 'does not take this ProjectName'],
    [START, { ProjectName: 'p', EnvironmentVariablesOverride: {} }, 'this EnvironmentVariablesOverride'],
    [START, variables({ name: 'a', value: 'b' }), "the field 'name' is not supported"],
    [
      START,
      variables({ Name: 'a', Value: 'b', Nope: 1 }),
      'no parameter EnvironmentVariablesOverride[0].Nope',
    ],
    [START, variables({ Name: 'a', 'Nope.$': '$.a' }), 'needs EnvironmentVariablesOverride[0].Value'],
    [START, variables({ Name: 'a', Value: 'b', Type: 'X' }), 'this EnvironmentVariablesOverride[0].Type'],
    ['lambda:invoke', undefined, 'lambda:invoke needs FunctionName'],
    ['lambda:invoke', { FunctionName: 5 }, 'does not take this FunctionName'],
    ['lambda:invoke', { FunctionName: 'f', InvocationType: 'X' }, 'does not take this InvocationType'],
  ])('%s %j', async (resource, parameters, message) => {
    await expect(make(resource, parameters)).rejects.toThrow(message);
  });
});
