import { expect, it } from 'vitest';
import * as z from 'zod';
import { deployStack } from '../../../local/assembly/deploy.ts';
import type { Service } from '../../../local/core/cloud.ts';
import { resourceType } from '../../../local/core/gate.ts';

type Resources = Record<
  string,
  { Type: string; Properties?: Record<string, unknown>; DependsOn?: string; Condition?: string }
>;

function deploy(resources: Resources, outputs: Record<string, { Value: unknown }> = {}) {
  const made: string[] = [];
  const service: Service = {
    name: 'test',
    operations: {},
    resources: {
      'Test::Thing': resourceType(z.unknown(), (_properties, { logicalId, properties, generatedName }) => {
        if (properties.fail) throw new Error('a reason');
        made.push(logicalId);
        return { ref: generatedName, attributes: { Arn: `arn:${logicalId}` } };
      }),
      'AWS::S3::Bucket': resourceType(z.unknown(), (_properties, { logicalId, generatedName }) => {
        made.push(logicalId);
        return { ref: generatedName };
      }),
    },
  };
  const template = {
    Parameters: {
      Stage: { Type: 'String', Default: 'prod' },
      Looked: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' },
    },
    Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Stage' }, 'other'] } },
    Mappings: {},
    Outputs: outputs,
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [id, { Properties: {}, ...resource }]),
    ),
  };
  const stack = { name: 'Stack', template, source: JSON.stringify(template) };
  const result = deployStack({
    stack,
    services: [service],
    account: '000000000000',
    region: 'us-east-1',
    parameters: {},
  });
  return { made, result };
}

it('makes a resource after those it names and depends on, and none whose condition is false', async () => {
  const { made, result } = deploy(
    {
      C: { Type: 'Test::Thing', Properties: { of: { 'Fn::GetAtt': ['B', 'Arn'] } } },
      B: { Type: 'Test::Thing', DependsOn: 'A' },
      A: { Type: 'Test::Thing' },
      Off: { Type: 'Test::Thing', Condition: 'Never' },
    },
    { Out: { Value: { 'Fn::Sub': '${B.Arn}/${AWS::StackName}/${Stage}' } } },
  );
  const stack = await result;
  expect(made).toEqual(['A', 'B', 'C']);
  expect(stack.outputs).toEqual([{ key: 'Out', value: 'arn:B/Stack/prod' }]);
  expect(stack.resources.map(({ ref }) => ref)).toEqual(
    (
      await deploy({ A: { Type: 'Test::Thing' }, B: { Type: 'Test::Thing' }, C: { Type: 'Test::Thing' } })
        .result
    ).resources.map(({ ref }) => ref),
  );
});

it('refuses a type that no service makes, naming the resource', async () => {
  await expect(deploy({ Odd: { Type: 'AWS::Odd::Thing' } }).result).rejects.toThrow(
    'AWS::Odd::Thing (Odd of stack Stack)',
  );
});

it('says which resource failed, and why', async () => {
  await expect(deploy({ Bad: { Type: 'Test::Thing', Properties: { fail: true } } }).result).rejects.toThrow(
    'Test::Thing Bad of stack Stack: a reason',
  );
});

it('refuses resources that depend on each other', async () => {
  const circle = { A: { Type: 'Test::Thing', DependsOn: 'B' }, B: { Type: 'Test::Thing', DependsOn: 'A' } };
  await expect(deploy(circle).result).rejects.toThrow('A → B → A');
});

it('refuses a second resource of one physical name before the resource is made', async () => {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'b-${Stage}' } } };
  const { made, result } = deploy({ A: bucket, B: bucket });
  await expect(result).rejects.toThrow('AWS::S3::Bucket B of stack Stack has the name of A');
  expect(made).toEqual(['A']);
});

it.each([
  [{ Ref: 'Looked' }, 'the type AWS::SSM::Parameter::Value<String> of the parameter Looked'],
  [{ 'Fn::Join': ['', ['{{resolve:ssm:', 'name}}']] }, 'the dynamic reference {{resolve:ssm:name}} of A'],
])('refuses the value %j, which CloudFormation would look up', async (Value, message) => {
  const { made, result } = deploy({ A: { Type: 'Test::Thing', Properties: { Value } } });
  await expect(result).rejects.toThrow(message);
  expect(made).toEqual([]);
});
