import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { LOCAL_ACCESS } from '../../cli/outputs.ts';
import { type Deployment, startDeployment } from '../../cli/up/deployment.ts';

export const ASSEMBLY = fileURLToPath(new URL('../../cdk.out', import.meta.url));

/** One ended execution of the delivery machine. */
export interface Ended {
  readonly executionArn: string;
  readonly status: string;
  /** the last state entered: the outcome */
  readonly outcome: string;
  readonly states: readonly string[];
  readonly input: unknown;
  readonly output: unknown;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** A whole Hookline on a free port, as `hookline up --no-demo` starts it. */
export interface Hookline extends Deployment {
  readonly data: string;
  readonly sfn: SFNClient;
  readonly access: typeof LOCAL_ACCESS & { endpoint: string };
  /** the ended executions of a delivery, one for each rule (and replay), waits until there are `count` */
  ended(deliveryId: string, count?: number): Promise<Ended[]>;
  /** posts a signed webhook as the built-in host */
  deliver(
    event: string,
    payload: unknown,
    options?: DeliverOptions,
  ): Promise<Response & { deliveryId: string }>;
  remove(): Promise<void>;
}

export interface DeliverOptions {
  readonly deliveryId?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export async function startHookline(data?: string): Promise<Hookline> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'hookline-e2e-')));
  const deployment = await startDeployment({ assembly: ASSEMBLY, data: folder, port: 0 });
  const access = { ...LOCAL_ACCESS, endpoint: deployment.outputs.endpointUrl ?? '' };
  const sfn = new SFNClient(access);
  return {
    ...deployment,
    data: folder,
    sfn,
    access,
    ended: (deliveryId, count = 1) => ended(sfn, deployment.outputs.stateMachineArn, deliveryId, count),
    deliver: (event, payload, options) => deliver(deployment, event, payload, options),
    remove: async () => {
      await deployment.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function deliver(
  { outputs, secrets }: Deployment,
  event: string,
  payload: unknown,
  { deliveryId = randomUUID(), headers = {}, body = JSON.stringify(payload) }: DeliverOptions = {},
): Promise<Response & { deliveryId: string }> {
  const all = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': deliveryId,
    'x-github-enterprise-host': 'localhost',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secrets.webhookSecret).update(body).digest('hex')}`,
    ...headers,
  };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(outputs.webhookUrl, { method: 'POST', headers: sent, body });
  return Object.assign(response, { deliveryId });
}

async function ended(
  sfn: SFNClient,
  stateMachineArn: string,
  deliveryId: string,
  count: number,
): Promise<Ended[]> {
  for (;;) {
    const found: Ended[] = [];
    for (const executionArn of await executions(sfn, stateMachineArn)) {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status !== 'RUNNING' && execution.input?.includes(deliveryId))
        found.push(await summary(sfn, executionArn));
    }
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function executions(sfn: SFNClient, stateMachineArn: string): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn, nextToken }));
    arns.push(...(page.executions ?? []).map(({ executionArn }) => executionArn ?? ''));
    nextToken = page.nextToken;
  } while (nextToken);
  return arns;
}

async function summary(sfn: SFNClient, executionArn: string): Promise<Ended> {
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return {
    executionArn,
    status: execution.status ?? '',
    outcome: states.at(-1) ?? '',
    states,
    input: JSON.parse(execution.input ?? 'null'),
    output: JSON.parse(execution.output ?? 'null'),
    error: execution.error,
    cause: execution.cause,
  };
}
