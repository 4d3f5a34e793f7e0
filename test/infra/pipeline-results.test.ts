import { describe, expect, it } from 'vitest';
import type { NamedRule } from '../../events/rule.ts';
import { parseRule } from '../../events/rule-file.ts';
import { resultPatterns } from '../../infra/pipeline-results.ts';
import { propertiesOf } from '../support/template.ts';

const rule = (pipeline?: object | string): NamedRule =>
  parseRule(
    JSON.stringify({ description: 'one', match: { event: ['push'] }, ...(pipeline ? { pipeline } : {}) }),
    'one.yaml',
  );

const below = (prefix: string) => rule({ name: `${prefix}{name}`, prefix });

const pipelinesOf = (...rules: NamedRule[]) => resultPatterns(rules).map(({ detail }) => detail?.pipeline);

describe('the events of pipelines', () => {
  it('are heard of for the pipelines that rules name, each once, and those below a prefix', () => {
    expect(pipelinesOf(rule('app'), rule('app'), rule(), below('build-'))).toEqual([
      ['app', { prefix: 'build-' }],
    ]);
  });

  it('are heard of once where a prefix takes a pipeline that a rule names', () => {
    expect(pipelinesOf(rule('build-app'), below('build-'), below('build-'))).toEqual([
      [{ prefix: 'build-' }],
    ]);
  });

  it('are not heard of where no rule names a pipeline', () => {
    expect(resultPatterns([rule()])).toEqual([]);
  });

  it('are heard of by as many rules as their names need, none with a pattern that EventBridge refuses', () => {
    const names = Array.from({ length: 175 }, (_, at) => `${'p'.repeat(96)}${at}`);
    const patterns = resultPatterns(names.map(rule));
    expect(patterns.length).toBeGreaterThan(1);
    for (const { detailType, ...pattern } of patterns)
      expect(JSON.stringify({ ...pattern, 'detail-type': detailType }).length).toBeLessThanOrEqual(2048);
    expect(patterns.flatMap(({ detail }) => detail?.pipeline)).toEqual(names);
  });

  it('come from the default bus to the one function, which EventBridge may invoke', () => {
    const rules = propertiesOf('AWS::Events::Rule').filter(({ EventPattern }) =>
      JSON.stringify(EventPattern ?? {}).includes('aws.codepipeline'),
    );
    expect(rules).toMatchObject([
      {
        EventPattern: {
          source: ['aws.codepipeline'],
          'detail-type': ['CodePipeline Pipeline Execution State Change'],
          detail: { pipeline: ['hookline-example'], state: expect.arrayContaining(['SUCCEEDED', 'FAILED']) },
        },
        State: 'ENABLED',
      },
    ]);
    expect(rules[0]).not.toHaveProperty('EventBusName');
  });
});
