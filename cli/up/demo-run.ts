import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { DEMO_BRANCH, DEMO_REPOSITORY, pushDemo } from './demo.ts';
import type { Deployment } from './deployment.ts';
import { type CallService, type EndedExecution, followExecution } from './follow-execution.ts';
import { createProgress, linePrinter, type PrintLine, seconds } from './progress.ts';

const POLL_MS = 40;

type Parts = Pick<Deployment, 'gitHost' | 'secrets' | 'ranBefore'> & {
  readonly runtime: Pick<Deployment['runtime'], 'call'>;
  readonly outputs: Pick<Deployment['outputs'], 'gitUrl' | 'stateMachineArn' | 'bucket'>;
};

/**
 * Pushes to the demo repository and shows the delivery until its pipeline has built the artifact. In a folder that had
 * its demo before, only a line is printed.
 * @throws when the delivery or its pipeline fails, in a folder that has nothing else to serve
 */
export async function showDemo(parts: Parts, data: string, terminal: NodeJS.WriteStream): Promise<void> {
  await runDemo(parts, data, terminal).catch((error: unknown) => {
    if (!parts.ranBefore) throw error;
    linePrinter(terminal)(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function runDemo(
  { runtime, gitHost, outputs, secrets }: Parts,
  data: string,
  terminal: NodeJS.WriteStream,
): Promise<void> {
  const say = linePrinter(terminal);
  if (await gitHost.hasBranch(DEMO_REPOSITORY, DEMO_BRANCH)) {
    say(`${DEMO_REPOSITORY} is here from an earlier start; its deliveries go on where they stopped.`);
    return;
  }
  const url = new URL(`${outputs.gitUrl}/${DEMO_REPOSITORY}.git`);
  url.username = 'hookline';
  url.password = secrets.token;
  const began = Date.now();
  const commit = await pushDemo(url.href, join(data, 'demo'));
  say(`Pushed ${commit.slice(0, 7)} to ${DEMO_REPOSITORY}`);
  const delivery = gitHost
    .deliveries()
    .findLast(({ event, repository }) => event === 'push' && repository === DEMO_REPOSITORY);
  const executionArn = await executionOf(runtime.call, outputs.stateMachineArn, delivery?.id ?? '');
  const progress = createProgress(terminal);
  const ended = await followExecution(runtime.call, executionArn, progress.show);
  progress.done();
  if (ended.status !== 'SUCCEEDED')
    throw new Error(`the demo delivery ended in ${outcome(ended)}: ${ended.error} ${ended.cause}`);
  say(`${outcome(ended)} after ${seconds(Date.now() - began)}`);
  await showPipeline(runtime.call, executionArn, say);
  say(`The artifact: ${await artifactUri(runtime.call, outputs.bucket, executionArn)}`);
}

const outcome = ({ steps }: EndedExecution): string => steps.at(-1)?.name ?? 'nothing';

const listSchema = z.looseObject({ executions: z.array(z.looseObject({ executionArn: z.string() })) });
const inputSchema = z.looseObject({ input: z.string() });
const deliverySchema = z.looseObject({ headers: z.looseObject({ delivery: z.string() }) });

async function executionOf(call: CallService, stateMachineArn: string, delivery: string): Promise<string> {
  for (;;) {
    const { executions } = listSchema.parse(await call('states', 'ListExecutions', { stateMachineArn }));
    for (const { executionArn } of executions) {
      const { input } = inputSchema.parse(await call('states', 'DescribeExecution', { executionArn }));
      if (deliverySchema.safeParse(JSON.parse(input)).data?.headers.delivery === delivery)
        return executionArn;
    }
    await wait(POLL_MS);
  }
}

const outputSchema = z.looseObject({ output: z.string() });
const stateSchema = z.looseObject({
  publish: z.looseObject({ pointer: z.string() }),
  pull: z.looseObject({ key: z.string() }),
  pipeline: z.looseObject({ name: z.string(), executionId: z.string() }),
});

async function stateOf(call: CallService, executionArn: string): Promise<z.infer<typeof stateSchema>> {
  const { output } = outputSchema.parse(await call('states', 'DescribeExecution', { executionArn }));
  return stateSchema.parse(JSON.parse(output));
}

async function artifactUri(call: CallService, bucket: string, executionArn: string): Promise<string> {
  const { pull } = await stateOf(call, executionArn);
  return `s3://${bucket}/${pull.key}`;
}

const pipelineSchema = z.looseObject({ pipelineExecution: z.looseObject({ status: z.string() }) });

async function showPipeline(call: CallService, executionArn: string, say: PrintLine): Promise<void> {
  const { pipeline } = await stateOf(call, executionArn);
  for (;;) {
    const input = { pipelineName: pipeline.name, pipelineExecutionId: pipeline.executionId };
    const { pipelineExecution } = pipelineSchema.parse(
      await call('codepipeline', 'GetPipelineExecution', input),
    );
    if (pipelineExecution.status === 'Succeeded') break;
    if (pipelineExecution.status !== 'InProgress')
      throw new Error(`the demo pipeline ended in ${pipelineExecution.status}`);
    await wait(POLL_MS);
  }
  say(`The pipeline ${pipeline.name} built the artifact by the artifact's buildspec`);
}
