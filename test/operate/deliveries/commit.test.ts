import { expect, it } from 'vitest';
import type { Delivery } from '../../../events/delivery.ts';
import { connect } from '../../../operate/connection/connection.ts';
import { commitOf, pagesOf } from '../../../operate/deliveries/commit.ts';
import { rowSchema } from '../../../operate/deliveries/row.ts';
import { STACK, startFakeAws } from '../../support/fake-aws.ts';

const HOST = { url: 'https://git.example.com', provider: 'github' } as const;
const [before, commit] = ['a'.repeat(40), 'b'.repeat(40)];
const PUSH: Delivery = {
  provider: 'github',
  host: 'git.example.com',
  id: '1',
  event: 'push',
  repository: { fullName: 'acme/app' },
  ref: 'refs/heads/feature/ü#1',
  before,
  commit,
};

it('a push has the pages of its commit, of what changed, and of its branch', () => {
  expect(pagesOf(HOST, PUSH)).toEqual({
    commit: `https://git.example.com/acme/app/commit/${commit}`,
    compare: `https://git.example.com/acme/app/compare/${before}...${commit}`,
    tree: 'https://git.example.com/acme/app/tree/feature/%C3%BC%231',
  });
});

it.each<[string, Partial<Delivery>]>([
  ['that is deleted', { deleted: true }],
  ['of a request', { ref: 'refs/pull/7/head' }],
])('a ref %s has no page of its files', (_title, changes) => {
  expect(pagesOf(HOST, { ...PUSH, ...changes })).not.toHaveProperty('tree');
});

it('a host on this machine has no pages', () => {
  expect(pagesOf({ ...HOST, url: 'http://127.0.0.1:3000/git' }, PUSH)).toEqual({});
});

it.each([
  ['of a delivery that is not verified is not', false, []],
  ['of one that is verified is', true, [{ executionArn: 'arn' }]],
])('the payload %s read', async (_title, verified, described) => {
  const aws = await startFakeAws(0);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const connection = await connect(STACK, { endpoint: aws.endpoint, region: 'us-east-1', credentials });
  const names = { id: 'default#git.example.com#1#', rule: 'default', host: PUSH.host, deliveryId: '1' };
  const times = { receivedAt: '2026-01-31T09:00:00Z', updatedAt: '2026-01-31T09:00:00Z' };
  const row = rowSchema.parse({ ...names, ...times, event: 'push', executionArn: 'arn', verified });
  expect(await commitOf(connection, row)).toBeUndefined();
  expect(aws.calls('AWSStepFunctions.DescribeExecution')).toEqual(described);
  connection.close();
  await aws.close();
});
