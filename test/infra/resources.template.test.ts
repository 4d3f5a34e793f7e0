import { describe, expect, it } from 'vitest';
import { resourceProblems } from '../support/aws/resource-problems.ts';
import type { Template } from '../support/aws/template.ts';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';

describe('the schemas of CloudFormation’s resources', () => {
  it.each(synthesized)('take every resource of $name', ({ template }) => {
    expect(Object.keys(template.Resources)).not.toHaveLength(0);
    expect(resourceProblems(template)).toEqual([]);
  });

  /** The problems of the default template once a resource of a type has been spoiled. */
  function spoiled(type: string, spoil: (properties: Record<string, unknown>) => void): string[] {
    const template = templateOf('default');
    const resource = Object.values(template.Resources).find(({ Type }) => Type === type);
    if (!resource) throw new Error(`the template has no ${type}: name a type that it has`);
    spoil(resource.Properties);
    return resourceProblems(template);
  }

  function urlOf(type: string): object {
    const [id] = Object.entries(templateOf('default').Resources).find(([, { Type }]) => Type === type) ?? [];
    return { 'Fn::GetAtt': [id, 'Url'] };
  }

  it.each<[string, string, (properties: Record<string, unknown>) => void, RegExp]>([
    [
      'a made-up property',
      'AWS::SQS::Queue',
      (queue) => (queue.Visibility = 3),
      /\.Visibility is no property/,
    ],
    ['a missing one', 'AWS::Pipes::Pipe', (pipe) => delete pipe.RoleArn, /\.RoleArn is missing/],
    [
      'a text for a number',
      'AWS::Lambda::Function',
      (each) => (each.Timeout = '3'),
      /"3": expected .*integer/,
    ],
    [
      'a fraction for a whole number',
      'AWS::Lambda::Function',
      (each) => (each.Timeout = 1.5),
      /1\.5: expected/,
    ],
    [
      'a value outside of an enum',
      'AWS::Pipes::Pipe',
      (pipe) => (pipe.DesiredState = 'ON'),
      /one of RUNNING, STOPPED/,
    ],
    [
      'a wrong property inside',
      'AWS::Lambda::Function',
      (each) => (each.TracingConfig = { Mod: 'Active' }),
      /Config\.Mod is no/,
    ],
    ['one thing for a list', 'AWS::Lambda::Function', (each) => (each.Layers = 'one'), /expected a list/],
    [
      'a text for an object',
      'AWS::Lambda::Function',
      (each) => (each.Code = { Ref: 'AWS::Region' }),
      /type ref/,
    ],
    [
      'an absent resource',
      'AWS::Lambda::Function',
      (each) => (each.Role = { Ref: 'Nobody' }),
      /reference to Nobody/,
    ],
    [
      'an absent attribute',
      'AWS::SQS::QueuePolicy',
      (policy) => (policy.Queues = [urlOf('AWS::SQS::Queue')]),
      /no such/,
    ],
  ])('refuse %s', (_what, type, spoil, problem) => {
    expect(spoiled(type, spoil)).toEqual([expect.stringMatching(problem)]);
  });

  it('refuse a type that there is not', () => {
    const template: Template = templateOf('default');
    template.Resources.Extra = { Type: 'AWS::SQS::Kueue', Properties: {}, DependsOn: [], Metadata: {} };
    expect(resourceProblems(template)).toEqual([
      'Extra: CloudFormation has no resource type AWS::SQS::Kueue',
    ]);
  });
});
