import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { actionsOf, of, propertiesOf, roleSchema, statementsOf } from '../support/template.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What each call of the programs needs: a command of the SDK, or a library that makes several. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  // Of a source with tags S3 asks for two more; artifacts have none.
  CopyObjectCommand: ['s3:GetObject', 's3:PutObject'],
  DeleteObjectCommand: ['s3:DeleteObject'],
  // Without ListBucket, S3 answers 403 for a key that is not there.
  HeadObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  Upload: ['s3:AbortMultipartUpload', 's3:PutObject'],
  GetCommand: ['dynamodb:GetItem'],
  PutCommand: ['dynamodb:PutItem'],
  UpdateCommand: ['dynamodb:UpdateItem'],
  UpdateItemCommand: ['dynamodb:UpdateItem'],
  DynamoDBPersistenceLayer: [
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ],
  DescribeExecutionCommand: ['states:DescribeExecution'],
  GetLogEventsCommand: ['logs:GetLogEvents'],
  GetParameterCommand: ['ssm:GetParameter'],
  GetSecretValueCommand: ['secretsmanager:GetSecretValue'],
  GetPipelineCommand: ['codepipeline:GetPipeline'],
  PutEventsCommand: ['events:PutEvents'],
  StartPipelineExecutionCommand: ['codepipeline:StartPipelineExecution'],
};

// What every program does beside its work: it logs, it is traced, its build reads the program.
const BESIDE = /^(logs:(Create|Put)|xray:|s3:(GetObject|GetBucket|List)\*$)/;

/** The actions behind every call that is left of a program when what it does not use is taken away. */
async function calledBy(program: string): Promise<string[]> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'functions', program, 'index.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
    outdir: 'nowhere',
  });
  const calls = [
    ...(outputFiles[0]?.text ?? '').matchAll(/new (\w+Command|Upload|DynamoDBPersistenceLayer)\(/g),
  ];
  return calls.flatMap(([, name = '']) => {
    const needed = NEEDED[name];
    if (!needed) throw new Error(`say in NEEDED which actions ${name} of functions/${program} needs`);
    return needed;
  });
}

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
  ['pull', roleOf('AWS::CodeBuild::Project', 'Pull/lambda', 'ServiceRole')],
];

describe('a program is allowed every action that it calls, and no other:', () => {
  it.each(programs)('%s (%s)', async (program, role) => {
    const granted = actionsOf(role).filter((action) => !BESIDE.test(action));
    expect([...new Set(granted)].sort()).toEqual([...new Set(await calledBy(program))].sort());
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

it('the example pipeline takes another object at each start, and its source may read every object of the bucket', () => {
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
    const everyObject = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: bucket }, '/*']],
    };
    expect(reading.flatMap(({ Resource }) => Resource)).toContainEqual(everyObject);
  }
});
