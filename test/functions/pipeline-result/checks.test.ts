import '../../support/interleave/silence.ts';
import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { claim } from '../../../functions/claim/claim.ts';
import { handler } from '../../../functions/pipeline-result/index.ts';
import type { Report } from '../../../functions/report/input.ts';
import { report } from '../../../functions/report/report.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';
import { callApi, type RunningHost, startHost, workTree } from '../../support/git-host.ts';
import type { Repository } from '../../support/repository.ts';

const appSchema = z.looseObject({ id: z.number().transform(String), pem: z.string() });
const runsSchema = z.object({
  check_runs: z.array(
    z.looseObject({
      status: z.string(),
      conclusion: z.string().nullable(),
      details_url: z.string(),
      output: z.object({ title: z.string(), summary: z.string() }),
    }),
  ),
});

let steps: Steps;
let host: RunningHost;
let tree: Repository;
let apps: object;
beforeAll(async () => {
  [steps, host, tree] = await Promise.all([startDirect(), startHost(), workTree()]);
  const { body } = await callApi(host, 'POST', '/app-manifests/c/conversions');
  const { id, pem: privateKey } = appSchema.parse(body);
  apps = { 'github.com': { id, privateKey } };
  const address = { provider: 'github', url: host.url, api: `${host.url}/api/v3` };
  steps.hosts = { 'github.com': { ...address, credentialSecret: 'with an App' } };
  steps.apps = apps;
});
afterAll(async () => {
  await Promise.all([steps?.close(), host?.remove(), tree?.remove()]);
});

/** A claimed delivery of a commit of its own, whose rule asks for a check run. */
async function started() {
  const commit = await tree.commit({ 'a.txt': randomUUID() });
  await tree.git('push', '--quiet', '--force', host.clone('acme/app'), 'HEAD:refs/heads/main');
  const [id, executionId] = [randomUUID(), randomUUID()];
  const pulled = pulledState('refs/heads/main', { commit }, { status: { checks: true } });
  const state = { ...pulled, delivery: { ...pulled.delivery, id }, key: `default#github.com#${id}#` };
  const executionArn = `arn:aws:states:us-east-1:0:execution:hookline:${id}`;
  await claim({ executionArn, state });
  const reported = (outcome = 'PipelineStarted', more: Partial<Report['state']> = {}) =>
    report({
      outcome,
      executionArn,
      state: { ...state, pipeline: { name: 'deploy', executionId }, ...more },
    });
  const told = (word: string, seconds: number, attempt = 1) => {
    const time = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
    const of = { pipeline: 'deploy', 'execution-id': executionId, state: word };
    return handler({ time, detail: { ...of, 'pipeline-execution-attempt': attempt } }, {} as Context);
  };
  const runs = async () => {
    const path = `/repos/acme/app/commits/${commit}/check-runs?filter=all`;
    return runsSchema.parse((await callApi(host, 'GET', path)).body).check_runs;
  };
  const record = () => steps.record('deliveries', state.key);
  return { reported, told, runs, record, executionId };
}

it('a check run is in progress while the pipeline runs, ends as the pipeline ends, and is one whatever is told twice', async () => {
  const { reported, told, runs, executionId } = await started();
  await reported('Pending');
  await reported();
  const [begun, ...others] = await runs();
  expect(others).toEqual([]);
  expect(begun).toMatchObject({ name: 'hookline/default', status: 'in_progress', conclusion: null });
  expect(begun?.details_url).toContain(`/deploy/executions/${executionId}/`);
  await told('SUCCEEDED', 1);
  await told('SUCCEEDED', 1);
  expect(await runs()).toMatchObject([
    { conclusion: 'success', output: { title: 'The pipeline succeeded' } },
  ]);
});

it('a result that is told before the start is known stays the last word', async () => {
  const { reported, told, runs } = await started();
  await told('SUCCEEDED', 1);
  await reported();
  await reported();
  expect((await runs())[0]).toMatchObject({ status: 'completed', conclusion: 'success' });
});

it('a failed action is told of whole, and a stage that is tried again has a run of its own', async () => {
  const { reported, told, runs } = await started();
  const message = 'Build terminated\n<b>Phase</b> BUILD';
  const externalExecutionUrl = 'https://console.test/builds/1';
  const output = { executionResult: { errorDetails: { message }, externalExecutionUrl } };
  steps.actions = [{ stageName: 'Build', actionName: 'Compile', status: 'Failed', output }];
  await reported();
  await told('FAILED', 1);
  const [failed] = await runs();
  expect(failed).toMatchObject({ conclusion: 'failure' });
  expect(failed?.output).toEqual({
    title: 'The pipeline failed in stage Build, action Compile: Build terminated',
    summary:
      'The pipeline failed in stage `Build`, action `Compile`.\n\n    Build terminated\n    <b>Phase</b> BUILD\n\n[What the action has logged](https://console.test/builds/1)',
  });
  await told('RESUMED', 2, 2);
  expect((await runs()).map(({ status }) => status)).toEqual(['in_progress', 'completed']);
  await told('FAILED', 1);
  await told('SUCCEEDED', 3, 2);
  expect((await runs()).map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
});

it('a delivery that has failed is told of by its error and its message', async () => {
  const { reported, runs } = await started();
  const Cause = JSON.stringify({ errorType: 'X', errorMessage: 'there is no acme/app' });
  await reported('PullFailed', { error: { Error: 'RepositoryMissing', Cause } });
  expect(await runs()).toMatchObject([
    { conclusion: 'failure', output: { summary: 'RepositoryMissing\n\n    there is no acme/app' } },
  ]);
});

it('a host without an App is said to have none, and the delivery goes its way', async () => {
  const { reported, record, runs } = await started();
  steps.apps = undefined;
  const { 'github.com': address } = steps.hosts as { 'github.com': object };
  steps.hosts = { 'github.com': { ...address, credentialSecret: 'with a token' } };
  try {
    process.env.HOSTS_PARAMETER = 'other hosts';
    const reason =
      'a check run is written by a GitHub App alone, and the credential of github.com is none: set one with "hookline secret set github.com app", or give the rule status: true';
    expect(await reported()).toMatchObject({ status: 'refused', reason });
    expect(await record()).toMatchObject({
      outcome: 'PipelineStarted',
      status: 'refused',
      statusReason: reason,
    });
    expect(await runs()).toEqual([]);
  } finally {
    process.env.HOSTS_PARAMETER = 'hosts';
    steps.apps = apps;
  }
});
