import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';

/** A pipeline that takes what Hookline pulls, as rules have it. @param name its own */
export const templatePipeline = (name: string): PipelineDeclaration => ({
  name,
  roleArn: 'arn:aws:iam::000000000000:role/pipelines',
  pipelineType: 'V2',
  artifactStore: { type: 'S3', location: 'artifacts' },
  variables: [{ name: 'REF', defaultValue: 'none' }],
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Artifact',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
          configuration: {
            S3Bucket: 'artifacts',
            S3ObjectKey: 'none.zip',
            PollForSourceChanges: 'false',
            AllowOverrideForS3ObjectKey: 'true',
          },
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
          configuration: { ProjectName: name },
          inputArtifacts: [{ name: 'Source' }],
        },
      ],
    },
  ],
});
