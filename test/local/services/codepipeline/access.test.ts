import { afterEach, beforeEach, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../../../local/core/account-and-region.ts';
import type { Principal } from '../../../../local/core/cloud.ts';
import { perform } from '../../../../local/core/gate.ts';
import { identityDocument } from '../../../../local/core/iam/document.ts';
import { type Policies, policiesOf } from '../../../../local/core/iam/policies.ts';
import { codePipelineService } from '../../../../local/services/codepipeline/index.ts';
import { fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const ROLE = 'arn:aws:iam::000000000000:role/worker';
const PASSED = 'arn:aws:iam::000000000000:role/pipelines';
const administrator: Principal = { arn: ADMINISTRATOR, accessKeyId: 'AKIA' };
const worker: Principal = { arn: ROLE, accessKeyId: 'ASIA' };
const OURS = 'arn:aws:codepipeline:us-east-1:000000000000:app-*';

let folder: ReturnType<typeof temporaryFolder>;
let cloud: ReturnType<typeof fakeCloud>;
let policies: Policies;
let service: ReturnType<typeof codePipelineService>;

beforeEach(async () => {
  folder = temporaryFolder();
  cloud = fakeCloud(folder.path);
  policies = policiesOf(() => undefined);
  service = cloud.add(codePipelineService(cloud));
  policies.trust(ROLE, []);
  policies.identity('policy', [ROLE], identityDocument.parse({ Statement: statements }));
});
afterEach(async () => {
  await cloud.close();
  folder.remove();
});

const tagged = (key: string) => ({ StringEquals: { [key]: 'mine' } });
const statements = [
  {
    Effect: 'Allow',
    Action: ['codepipeline:CreatePipeline', 'codepipeline:TagResource'],
    Resource: OURS,
    Condition: tagged('aws:RequestTag/hookline'),
  },
  {
    Effect: 'Allow',
    Action: ['codepipeline:UpdatePipeline', 'codepipeline:DeletePipeline', 'codepipeline:UntagResource'],
    Resource: OURS,
    Condition: tagged('aws:ResourceTag/hookline'),
  },
  {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: PASSED,
    Condition: { StringEquals: { 'iam:PassedToService': 'codepipeline.amazonaws.com' } },
  },
];

const declared = (name: string, roleArn = PASSED) => ({
  name,
  roleArn,
  pipelineType: 'V2',
  artifactStore: { type: 'S3', location: 'store' },
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Artifact',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
          configuration: { S3Bucket: 'b', S3ObjectKey: 'k', PollForSourceChanges: 'false' },
          outputArtifacts: [{ name: 'Source' }],
        },
      ],
    },
    {
      name: 'Build',
      actions: [
        {
          name: 'Build',
          actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
          configuration: { ProjectName: 'app' },
          inputArtifacts: [{ name: 'Source' }],
        },
      ],
    },
  ],
});
const code = async (operation: string, input: object, principal = worker) => {
  try {
    await perform(service, operation, input, { principal, requestId: 'test' }, policies);
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};
const mine = [{ key: 'hookline', value: 'mine' }];

it('lets a pipeline be made under a prefix, with the tag and the role that the policy names', async () => {
  const create = (name: string, tags: object[], roleArn?: string) =>
    code('CreatePipeline', { pipeline: declared(name, roleArn), tags });
  expect(await create('app-one', mine, ROLE)).toBe('AccessDeniedException');
  expect(await create('app-one', [])).toBe('AccessDeniedException');
  expect(await create('other', mine)).toBe('AccessDeniedException');
  expect(await create('app-one', mine)).toBe('done');
});

it('lets only pipelines that have the tag be changed and deleted', async () => {
  await code('CreatePipeline', { pipeline: declared('app-theirs'), tags: [] }, administrator);
  await code('CreatePipeline', { pipeline: declared('app-ours'), tags: mine }, administrator);
  const tries = async (name: string) => [
    await code('UpdatePipeline', { pipeline: declared(name) }),
    await code('UntagResource', {
      resourceArn: `arn:aws:codepipeline:us-east-1:000000000000:${name}`,
      tagKeys: ['x'],
    }),
    await code('DeletePipeline', { name }),
  ];
  expect(await tries('app-ours')).toEqual(['done', 'done', 'done']);
  expect(new Set(await tries('app-theirs'))).toEqual(new Set(['AccessDeniedException']));
});

it('lets a pipeline be tagged with the tag that the policy names alone', async () => {
  await code('CreatePipeline', { pipeline: declared('app-ours'), tags: mine }, administrator);
  const tag = (tags: object[]) =>
    code('TagResource', { resourceArn: 'arn:aws:codepipeline:us-east-1:000000000000:app-ours', tags });
  expect(await tag([...mine, { key: 'x', value: 'y' }])).toBe('done');
  expect(await tag([{ key: 'x', value: 'z' }])).toBe('AccessDeniedException');
  expect(await tag([{ key: 'hookline', value: 'another' }])).toBe('AccessDeniedException');
});
