import { afterAll, describe, expect, it } from 'vitest';
import { arnOf, type Resources, role, services } from '../../support/local/templates.ts';

const { update, cloud, close } = services();
afterAll(close);

const group = (LogGroupName: string, DeletionPolicy: 'Delete' | 'Retain' = 'Delete'): Resources[string] => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName },
  DeletionPolicy,
});
const names = async (logGroupNamePrefix: string): Promise<string[]> => {
  const { logGroups } = (await cloud.request('logs', 'DescribeLogGroups', { logGroupNamePrefix })) as {
    logGroups: { logGroupName: string }[];
  };
  return logGroups.map(({ logGroupName }) => logGroupName);
};

describe('what a stack gives up as it runs', () => {
  it('is a log group with its streams, unless the template retains it', async () => {
    const Kept = group('/kept');
    const makeStream = () =>
      cloud.request('logs', 'CreateLogStream', { logGroupName: '/gone', logStreamName: 'one' });
    await update(
      { Kept, Gone: group('/gone'), Retained: group('/retained', 'Retain') },
      { Kept },
      makeStream,
    );
    expect(await names('/')).toEqual(['/kept', '/retained']);
    await cloud.request('logs', 'CreateLogGroup', { logGroupName: '/gone' });
    const made = await cloud.request('logs', 'DescribeLogStreams', { logGroupName: '/gone' });
    expect(made).toMatchObject({ logStreams: [] });
    await cloud.request('logs', 'DeleteLogGroup', { logGroupName: '/gone' });
  });

  it('may have been deleted by hand before', async () => {
    const Kept = group('/a/kept');
    const byHand = () => cloud.request('logs', 'DeleteLogGroup', { logGroupName: '/a/gone' });
    await update({ Kept, Gone: group('/a/gone') }, { Kept }, byHand);
    expect(await names('/a/')).toEqual(['/a/kept']);
  });

  it('is a build project', async () => {
    const Role = role('codebuild.amazonaws.com');
    const Project = {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Name: 'gone',
        ServiceRole: arnOf('Role'),
        Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
        Artifacts: { Type: 'NO_ARTIFACTS' },
        Environment: { Type: 'LINUX_CONTAINER', Image: 'x', ComputeType: 'BUILD_GENERAL1_SMALL' },
      },
    };
    await update({ ...Role, Project }, Role);
    expect(await cloud.request('codebuild', 'ListProjects', {})).toEqual({ projects: [] });
  });
});
