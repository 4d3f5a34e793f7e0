import { expect, it } from 'vitest';
import { physicalNames } from '../../../local/assembly/physical-names.ts';

const resource = (
  logicalId: string,
  type: string,
  properties: Record<string, unknown>,
  stackName = 'Stack',
) => ({
  stackName,
  logicalId,
  type,
  generatedName: logicalId,
  properties,
});

it('two resources of a stack cannot have one physical name', () => {
  const names = physicalNames([]);
  names.take(resource('A', 'AWS::S3::Bucket', { BucketName: 'one' }));
  names.take(resource('Queue', 'AWS::SQS::Queue', { QueueName: 'one' }));
  expect(() => names.take(resource('B', 'AWS::S3::Bucket', { BucketName: 'one' }))).toThrow(
    'AWS::S3::Bucket B of stack Stack has the name of A of stack Stack, one: give it another',
  );
});

it('nor can two resources of two stacks', () => {
  const made = { ...resource('A', 'AWS::S3::Bucket', { BucketName: 'one' }), ref: 'one', retained: false };
  const other = { name: 'Other', id: '', source: '', outputs: [], resources: [made] };
  expect(() => physicalNames([other]).take(resource('B', 'AWS::S3::Bucket', { BucketName: 'one' }))).toThrow(
    'A of stack Other',
  );
});

it('rules of two buses, and resources that the runtime names, can be of one name or none', () => {
  const names = physicalNames([]);
  for (const EventBusName of ['one', 'two'])
    names.take(resource(EventBusName, 'AWS::Events::Rule', { Name: 'all', EventBusName }));
  for (const logicalId of ['A', 'B']) names.take(resource(logicalId, 'AWS::S3::Bucket', {}));
  names.take(resource('Permission', 'AWS::Lambda::Permission', { FunctionName: 'f' }));
});
