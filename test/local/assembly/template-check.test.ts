import { afterAll, describe, expect, it } from 'vitest';
import { deployStack } from '../../../local/assembly/deploy.ts';
import { services } from '../../support/local/templates.ts';

const { all, close } = services();
afterAll(close);

const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
const EMPTY = { Parameters: {}, Conditions: {}, Mappings: {}, Outputs: {}, Resources: { Queue: queue } };

function deploy(sections: object, parameters: Readonly<Record<string, string>> = {}) {
  const template = { ...EMPTY, ...sections };
  const stack = { name: 'S', template, source: JSON.stringify(template) };
  return deployStack({ stack, services: all, account: '000000000000', region: 'us-east-1', parameters });
}
const parameter = (more: object) => ({ Parameters: { P: { Type: 'String', ...more } } });
const resource = (more: object) => ({ Resources: { Queue: { ...queue, ...more } } });

describe('a template', () => {
  it.each<[string, object, RegExp]>([
    ['without a resource', { Resources: {} }, /no resource/],
    ['with a macro', { Transform: 'AWS::Serverless-2016-10-31' }, /the section Transform/],
    ['with a section of its own', { Nope: {} }, /the section Nope/],
    ['with a hyphen in a name', { Resources: { 'a-b': queue } }, /the name a-b/],
    ['with a hyphen in an output', { Outputs: { 'a-b': { Value: 'x' } } }, /the name a-b/],
    [
      'with an attribute that is not carried out',
      resource({ CreationPolicy: {} }),
      /CreationPolicy of Queue/,
    ],
    ['that depends on nothing', resource({ DependsOn: 'Nope' }), /depend on Nope/],
    ['with a condition that it has not', resource({ Condition: 'Nope' }), /the condition Nope of Queue/],
    ['with such an output', { Outputs: { O: { Value: 'x', Condition: 'Nope' } } }, /of the output O/],
    ['with a policy that there is not', resource({ DeletionPolicy: 'Keep' }), /DeletionPolicy "Keep"/],
    [
      'with a null',
      resource({ Properties: { Tags: [null] } }),
      /null at \/Resources\/Queue\/Properties\/Tags\/0:/,
    ],
    ['with a snapshot of a queue', resource({ DeletionPolicy: 'Snapshot' }), /DeletionPolicy "Snapshot"/],
    [
      'with an output of more',
      { Outputs: { O: { Value: 'x', Nope: 1 } } },
      /the attribute Nope of the output O/,
    ],
    [
      'with 201 outputs',
      { Outputs: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`O${at}`, { Value: 'x' }])) },
      /201 Outputs, and may have 200/,
    ],
    [
      'with 501 resources',
      { Resources: Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`Q${at}`, queue])) },
      /501 Resources, and may have 500/,
    ],
    ['of over a megabyte', resource({ Metadata: { x: 'x'.repeat(1024 * 1024) } }), /may have 1048576/],
    ['that is described at length', { Description: 'x'.repeat(1025) }, /Description of 1025 bytes/],
    [
      'with two exports of one name',
      { Outputs: { A: { Value: 'a', Export: { Name: 'x' } }, B: { Value: 'b', Export: { Name: 'x' } } } },
      /B of stack S is exported as x, as one of stack S/,
    ],
    [
      'that selects what there is not',
      { Outputs: { O: { Value: { 'Fn::Select': [1, ['a']] } } } },
      /Fn::Select asks for 1 of 1/,
    ],
  ])('%s is refused', async (_, sections, message) => {
    await expect(deploy(sections)).rejects.toThrow(message);
  });

  it.each<[object, RegExp]>([
    [{}, /has no value/],
    [{ Default: 'c', AllowedValues: ['a', 'b'] }, /none of a, b/],
    [{ Default: 'ab', AllowedPattern: 'a' }, /does not match a/],
    [{ Default: 'a', AllowedPattern: '(' }, /AllowedPattern \(, which is no regular expression/],
    [{ Default: 'a', MinLength: 2 }, /shorter than 2/],
    [{ Default: 'abc', MaxLength: '2' }, /longer than 2/],
    [{ Type: 'Number', Default: 'x' }, /is no number/],
    [{ Type: 'Number', Default: 1, MinValue: 2 }, /less than 2/],
    [{ Type: 'Number', Default: 3, MaxValue: 2 }, /more than 2/],
  ])('with the parameter %j is refused', async (more, message) => {
    await expect(deploy(parameter(more))).rejects.toThrow(message);
  });

  it('has the outputs whose conditions hold', async () => {
    const Conditions = { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Equals': ['a', 'b'] } };
    const Outputs = { A: { Value: 'a', Condition: 'Yes' }, B: { Value: 'b', Condition: 'No' } };
    const { outputs } = await deploy({ Conditions, Outputs });
    expect(outputs).toEqual([{ key: 'A', value: 'a' }]);
  });

  it('exports nothing that another stack exports', async () => {
    const Outputs = { A: { Value: 'a', Export: { Name: { 'Fn::Sub': '${AWS::Region}-x' } } } };
    const first = await deploy({ Outputs });
    const template = { ...EMPTY, Outputs };
    const stack = { name: 'T', template, source: '' };
    const around = { services: all, account: '000000000000', region: 'us-east-1', parameters: {} };
    await expect(deployStack({ stack, ...around, others: [first] })).rejects.toThrow(
      'is exported as us-east-1-x, as one of stack S is',
    );
  });

  it('takes a value that is given, and what the CDK writes beside', async () => {
    const sections = {
      ...parameter({ AllowedValues: ['a'] }),
      Rules: { CheckBootstrapVersion: {} },
      ...resource({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain', Metadata: {} }),
    };
    await expect(deploy(sections, { P: 'a' })).resolves.toMatchObject({ name: 'S' });
    await expect(deploy(sections, { P: 'b' })).rejects.toThrow('none of a');
  });
});
