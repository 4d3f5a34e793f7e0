import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { creationSteps, neededWaits, orderProblems } from '../support/aws/creation-order.ts';
import { pageWithOrder } from '../support/aws/creation-page.ts';
import { ROOT } from '../support/docs/commands.ts';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';

describe('the order in which CloudFormation makes the stack', () => {
  it.each(synthesized)('has everything that AWS looks for in $name made before', ({ template }) => {
    expect(creationSteps(template).flat()).toHaveLength(Object.keys(template.Resources).length);
    expect(neededWaits(template)).not.toHaveLength(0);
    expect(orderProblems(template)).toEqual([]);
  });

  // The CDK makes the account's role for logs wait for the API, as once there had to be one.
  const NOT_NEEDED = ['AWS::ApiGateway::Account'];

  it.each(synthesized)('needs the DependsOn of each kind of resource of $name', ({ template }) => {
    const byType = new Map(
      Object.entries(template.Resources)
        .filter(([, { DependsOn, Type }]) => DependsOn.length > 0 && !NOT_NEEDED.includes(Type))
        .map(([id, resource]) => [resource.Type, { id, resource }]),
    );
    for (const { id, resource } of byType.values()) {
      const Resources = { ...template.Resources, [id]: { ...resource, DependsOn: [] } };
      expect([id, orderProblems({ ...template, Resources })]).toEqual([
        id,
        expect.arrayContaining([expect.stringContaining(`${id} does not wait for`)]),
      ]);
    }
  });

  it('is not known of a resource that names a role, until somebody has looked it up', () => {
    const template = templateOf('default');
    const pipeRole = Object.keys(template.Resources).find((id) => id.startsWith('OverflowPipeRole'));
    template.Resources.Planted = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { Target: { RoleArn: { 'Fn::GetAtt': [pipeRole, 'Arn'] } } },
      DependsOn: [],
      Metadata: {},
    };

    expect(orderProblems(template)).toEqual([
      'AWS::Scheduler::Schedule.Target to AWS::IAM::Role: say in creation-checks.ts whether AWS looks at a policy when it is made',
    ]);
  });

  it('is not there when resources wait for each other', () => {
    const template = templateOf('default');
    const [first = '', second = ''] = Object.keys(template.Resources);
    template.Resources[first]?.DependsOn.push(second);
    template.Resources[second]?.DependsOn.push(first);
    expect(() => creationSteps(template)).toThrow(/^these wait for each other: /);
  });

  it('stands in docs/deploy.md', async () => {
    const path = join(ROOT, 'docs/deploy.md');
    await expect(pageWithOrder(readFileSync(path, 'utf8'), templateOf('default'))).toMatchFileSnapshot(path);
  });
});
