import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeployedStack } from '../../../../local/assembly/deployed-stack.ts';
import { createServer } from '../../../../local/http/server.ts';
import { cloudFormationService } from '../../../../local/services/cloudformation/index.ts';
import { asAdministrator } from '../../../../local/testing.ts';

const made = (logicalId: string) => ({
  logicalId,
  type: 'A::B::C',
  ref: `${logicalId}-1`,
  properties: {},
  retained: false,
});
const stack: DeployedStack = {
  name: 'Stack',
  id: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/local',
  resources: [made('One'), made('Two')],
  outputs: [
    { key: 'Url', value: 'https://abc.execute-api.us-east-1.amazonaws.com/hooks/' },
    { key: 'Private', value: 'https://abc-vpce-0a1.execute-api.us-east-1.amazonaws.com/hooks/' },
  ],
  source: '{"Description":"für 🎣","Resources":{}}',
};
const app = createServer({
  services: () => [
    cloudFormationService(
      () => [stack],
      () => 'http://127.0.0.1:1',
    ),
  ],
  authenticate: asAdministrator,
  ready: Promise.resolve(),
});
let client: CloudFormationClient;
beforeAll(async () => {
  client = new CloudFormationClient({
    endpoint: await app.listen({ host: '127.0.0.1', port: 0 }),
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 's' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await app.close();
});

it('tells of a stack, its resources and its template, the door where it is here', async () => {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  expect(Stacks).toMatchObject([
    {
      StackName: 'Stack',
      Outputs: ['Url', 'Private'].map((OutputKey) => ({
        OutputKey,
        OutputValue: 'http://127.0.0.1:1/execute-api/abc/hooks/',
      })),
    },
  ]);
  const list = await client.send(new ListStackResourcesCommand({ StackName: 'Stack' }));
  expect(list.StackResourceSummaries).toMatchObject([
    { LogicalResourceId: 'One' },
    { LogicalResourceId: 'Two' },
  ]);
  expect(await client.send(new GetTemplateCommand({ StackName: 'Stack' }))).toMatchObject({
    TemplateBody: '{"Description":"f?r ?","Resources":{}}',
  });
});

it('tells of one resource that is asked for, and of no other', async () => {
  const ask = (LogicalResourceId: string) =>
    client.send(new DescribeStackResourcesCommand({ StackName: 'Stack', LogicalResourceId }));
  expect((await ask('Two')).StackResources).toMatchObject([{ PhysicalResourceId: 'Two-1' }]);
  expect((await ask('Two')).StackResources).toHaveLength(1);
  await expect(ask('Three')).rejects.toThrow('Resource Three does not exist for stack Stack');
});

it('refuses what it does not carry out', async () => {
  await expect(
    client.send(new DescribeStackResourcesCommand({ StackName: 'Stack', PhysicalResourceId: 'One-1' })),
  ).rejects.toThrow(
    'does not support the members PhysicalResourceId of cloudformation:DescribeStackResources',
  );
  await expect(client.send(new DescribeStacksCommand({ NextToken: '1' }))).rejects.toThrow('NextToken');
});
