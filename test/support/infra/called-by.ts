import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What each call of the programs needs: a command of the SDK, or a library that makes several. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  // Of a source with tags S3 asks for two more; artifacts have none.
  CopyObjectCommand: ['s3:GetObject', 's3:PutObject'],
  DeleteObjectCommand: ['s3:DeleteObject'],
  GetObjectCommand: ['s3:GetObject'],
  PutObjectCommand: ['s3:PutObject'],
  // Without ListBucket, S3 answers 403 for a key that is not there.
  HeadObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  Upload: ['s3:AbortMultipartUpload', 's3:PutObject'],
  GetCommand: ['dynamodb:GetItem'],
  PutCommand: ['dynamodb:PutItem'],
  paginateScan: ['dynamodb:Scan'],
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
  InvokeCommand: ['lambda:InvokeFunction'],
  ListActionExecutionsCommand: ['codepipeline:ListActionExecutions'],
  GetPipelineCommand: ['codepipeline:GetPipeline'],
  // It may be asked for TagResource too, for the tags of the new pipeline.
  CreatePipelineCommand: ['codepipeline:CreatePipeline', 'codepipeline:TagResource', 'iam:PassRole'],
  DeletePipelineCommand: ['codepipeline:DeletePipeline'],
  GetPipelineExecutionCommand: ['codepipeline:GetPipelineExecution'],
  StopPipelineExecutionCommand: ['codepipeline:StopPipelineExecution'],
  ListPipelineExecutionsCommand: ['codepipeline:ListPipelineExecutions'],
  ListPipelinesCommand: ['codepipeline:ListPipelines'],
  ListTagsForResourceCommand: ['codepipeline:ListTagsForResource'],
  TagResourceCommand: ['codepipeline:TagResource'],
  UpdatePipelineCommand: ['codepipeline:UpdatePipeline', 'iam:PassRole'],
  PutEventsCommand: ['events:PutEvents'],
  StartExecutionCommand: ['states:StartExecution'],
  StartPipelineExecutionCommand: ['codepipeline:StartPipelineExecution'],
};

// What is done by the role of a program beside its work: it logs, it is traced, its build reads the program, and Lambda hands
// an event on that it has failed to do.
export const BESIDE = /^(logs:(Create|Put)|xray:|s3:(GetObject|GetBucket|List)\*$|sqs:SendMessage$)/;

/** The action that a program's role has only where a host may have an App. */
export const OF_APPS: readonly string[] = ['lambda:InvokeFunction'];

/** The actions that a program's role has only where a rule asks for pipelines of branches. */
export const OF_BRANCHES: readonly string[] = [
  'codepipeline:CreatePipeline',
  'codepipeline:ListPipelineExecutions',
  'codepipeline:ListPipelines',
  'codepipeline:ListTagsForResource',
  'codepipeline:TagResource',
  'codepipeline:UpdatePipeline',
  'iam:PassRole',
];

/** The actions behind every call that is left of a program when what it does not use is taken away. */
export async function calledBy(program: string): Promise<string[]> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'functions', program, 'index.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
    outdir: 'nowhere',
  });
  const calls = [
    ...(outputFiles[0]?.text ?? '').matchAll(
      /(?:new (\w+Command|Upload|DynamoDBPersistenceLayer)\d*|(?<!\w)(paginate\w+))\(/g,
    ),
  ];
  return calls.flatMap(([, command, pages]) => {
    const name = command ?? pages ?? '';
    const needed = NEEDED[name];
    if (!needed) throw new Error(`say in NEEDED which actions ${name} of functions/${program} needs`);
    return needed;
  });
}
