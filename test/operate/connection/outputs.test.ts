import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stackOutputs } from '../../../operate/connection/outputs.ts';

const NAMES =
  'Bucket StateMachineArn DeliveryLog BusName ArchiveName DeliveriesTable RefsTable WebhookSecretArn HostsParameter DeadQueueUrl OverflowQueueUrl UnrecordedQueueUrl PullProjectPrefix';
const outputs: Record<string, string> = {
  ...Object.fromEntries(NAMES.split(' ').map((name) => [name, name])),
  WebhookUrl: 'https://api.example.com/hooks/webhooks/github',
  DomainUrl: 'https://hooks.example.com/webhooks/github',
};
const members = Object.entries(outputs).map(
  ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
);
const answer = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Hookline</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
const server = setupServer(http.post('http://aws.test/', () => HttpResponse.xml(answer)));

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://aws.test');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
});
afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
});

describe('the address of webhooks', () => {
  it('is at the domain of the settings, of a stack on AWS', async () => {
    expect((await stackOutputs('Hookline')).webhookUrl).toBe(outputs.DomainUrl);
  });

  it('is that of the stage on this machine, to which no domain leads', async () => {
    const local = await stackOutputs('Hookline', { endpoint: 'http://aws.test' });
    expect(local.webhookUrl).toBe(outputs.WebhookUrl);
  });
});
