import { describe, expect, it } from 'vitest';
import {
  deploymentProblems,
  MAX_PIPELINE_ARNS,
  MAX_RULES,
  MAX_TEMPLATE_BYTES,
  templateBytes,
} from '../../events/deployment-limits.ts';
import { parseRule } from '../../events/rule-file.ts';

const rule = (options = '') =>
  parseRule(`description: x\nmatch: { event: [push] }\n${options}\n`, 'acme.yaml');
const some = (count: number) => Array.from({ length: count }, () => rule());

describe('what is as much as AWS takes is right, and one more is not:', () => {
  it('rules of a stack', () => {
    expect(deploymentProblems(some(MAX_RULES))).toEqual([]);
    expect(deploymentProblems(some(MAX_RULES + 1))).toEqual([
      `there are ${MAX_RULES + 1} rules, and a stack of CloudFormation holds ${MAX_RULES} with what belongs to them: let one rule take more repositories`,
    ]);
  });

  it('ARNs of a role', () => {
    // The copies of the template stand in four lists.
    const roles = (count: number) => Array.from({ length: count }, (_, at) => `role-${at}`).join(', ');
    const withRoles = (count: number) =>
      deploymentProblems([rule(`pipeline: { template: t, each: branch, role: [${roles(count)}] }`)]);
    expect(withRoles(MAX_PIPELINE_ARNS - 4)).toEqual([]);
    expect(withRoles(MAX_PIPELINE_ARNS - 3)).toEqual([
      `the policies of one role would name ${MAX_PIPELINE_ARNS + 1} pipelines and roles, and IAM's hold ${MAX_PIPELINE_ARNS}: let pipelines share a declared prefix, or rules share a template and its role`,
    ]);
  });

  it('bytes of a template', () => {
    const described = (length: number) => [{ ...rule(), description: 'x'.repeat(length) }];
    const room = MAX_TEMPLATE_BYTES - templateBytes(described(0));
    expect(deploymentProblems(described(room))).toEqual([]);
    expect(deploymentProblems(described(room + 1))).toEqual([
      expect.stringContaining(`a template of some ${MAX_TEMPLATE_BYTES + 1} bytes, and CloudFormation takes`),
    ]);
  });
});

describe('the bytes of a template', () => {
  const bytes = (options: string, count = 1) =>
    templateBytes(Array.from({ length: count }, () => rule(options)));

  it('are more by each rule, and by each pipeline of another name', () => {
    const [none, one, two] = [bytes('', 0), bytes(''), bytes('', 2)];
    expect(two - one).toBe(one - none);
    expect(one - none).toBeGreaterThan(1700);
    const started = bytes('pipeline: site');
    const template = 'pipeline: { template: site, each: branch }';
    const ends = bytes('on-delete: { pipeline: site }');
    expect(started).toBeGreaterThan(one + 3 * 'site'.length);
    expect(bytes(template)).toBeGreaterThan(started);
    expect(ends).toBeGreaterThan(one + 4 * 'site'.length);
    expect(bytes(template.replace(' }', ', teardown: clean }'))).toBeGreaterThan(bytes(template));
  });

  it('count a letter by its bytes', () => {
    const described = (description: string) => templateBytes([{ ...rule(), description }]);
    expect(described('ü') - described('u')).toBe(1);
  });
});
