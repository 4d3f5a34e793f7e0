import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { hostRequests } from '../support/host-requests.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
let logs: CloudWatchLogsClient;
let said: string[];
beforeAll(async () => {
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  [hookline, repository] = await Promise.all([startHookline(), createRepository()]);
  logs = new CloudWatchLogsClient(hookline.access);
});
afterAll(async () => {
  logs?.destroy();
  await repository?.remove();
  await hookline?.remove();
  vi.restoreAllMocks();
});

const groups = async (): Promise<string[]> => {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ limit: 50 }));
  return logGroups.flatMap(({ logGroupName = '' }) => logGroupName);
};

it('what writes its log later than the stack is deleted makes no log group again, which the next stack could not make then', async () => {
  const all = await groups();
  expect(all).toContain('/aws/codebuild/hookline-pull-lambda');
  // As a stack that is deleted leaves the account, while its builds and functions still run.
  for (const logGroupName of all) await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  const on = hostRequests(hookline, repository);
  await on.commit('Late');
  const ended = await on.ended('push', () => on.push('hookline/demo', 'HEAD:refs/heads/main'));
  expect(ended.states).toContain('Pull');
  await vi.waitFor(() => {
    for (const name of ['PullRole', 'ExampleProjectRole', 'FunctionsreportRole'])
      expect(said.join('')).toMatch(
        new RegExp(`${name}\\S* is not authorized to perform logs:CreateLogGroup`),
      );
  });
  expect(await groups()).toEqual([]);
});
