import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { BESIDE, calledBy, OF_APPS, OF_BRANCHES } from '../support/infra/called-by.ts';
import { actionsOf, of, propertiesOf, roleSchema, statementsOf } from '../support/template.ts';

function roleOf(type: string, path: string, member: string): string {
  const [, resource] =
    of(type).find(([, { Metadata }]) => Metadata['aws:cdk:path'] === `Hookline/${path}/Resource`) ?? [];
  return roleSchema.parse(resource?.Properties[member])['Fn::GetAtt'][0];
}

const FUNCTIONS = [
  'validate',
  'overflow',
  'claim',
  'publish',
  'retire',
  'start-pipeline',
  'report',
  'diagnose',
  'record-end',
  'pipeline-result',
];

const programs: readonly [string, string][] = [
  ...FUNCTIONS.map((name): [string, string] => [
    name,
    roleOf('AWS::Lambda::Function', `Functions/${name}/Function`, 'Role'),
  ]),
  ['reconcile', roleOf('AWS::Lambda::Function', 'Reconcile/reconcile/Function', 'Role')],
  ['pull', roleOf('AWS::CodeBuild::Project', 'Pull/lambda', 'ServiceRole')],
];

describe('a program is allowed every action that it calls, and no other:', () => {
  it.each(programs)('%s (%s)', async (program, role) => {
    const granted = actionsOf(role).filter((action) => !BESIDE.test(action));
    // Neither events/rules nor cdk.json ask for them: branch-pipeline-grants.test.ts and secrets.test.ts have what does.
    const elsewhere = [...OF_BRANCHES, ...OF_APPS];
    const called = (await calledBy(program)).filter((action) => !elsewhere.includes(action));
    expect([...new Set(granted)].sort()).toEqual([...new Set(called)].sort());
  });
});

const pipelineSchema = z.object({
  Stages: z.array(
    z.object({
      Actions: z.array(
        z.looseObject({
          ActionTypeId: z.looseObject({ Category: z.string() }),
          Configuration: z.record(z.string(), z.unknown()),
          RoleArn: roleSchema,
        }),
      ),
    }),
  ),
});

it('the example pipeline takes another object at each start, and its source may read the artifacts of the demo alone', () => {
  const [{ Stages }] = z.tuple([pipelineSchema]).parse(propertiesOf('AWS::CodePipeline::Pipeline'));
  const sources = Stages.flatMap(({ Actions }) => Actions).filter(
    ({ ActionTypeId }) => ActionTypeId.Category === 'Source',
  );
  expect(sources).toMatchObject([{ Configuration: { AllowOverrideForS3ObjectKey: 'true' } }]);
  const [[bucket] = ['']] = of('AWS::S3::Bucket');
  for (const { RoleArn } of sources) {
    const reading = statementsOf(RoleArn['Fn::GetAtt'][0]).filter(({ Action }) =>
      Action.includes('s3:GetObject*'),
    );
    const below = (path: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: bucket }, path]],
    });
    const objects = reading.flatMap(({ Resource }) => Resource).filter((each) => typeof each === 'object');
    expect(objects).toEqual(expect.arrayContaining([below('/commits/*/hookline/demo/*')]));
    expect(objects).not.toContainEqual(below('/commits/*'));
    expect(objects).not.toContainEqual(below('/*'));
  }
});
