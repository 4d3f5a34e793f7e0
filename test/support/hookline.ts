import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { inject } from 'vitest';
import * as z from 'zod';
import { accessOf, type LocalAccess } from '../../cli/outputs/local-address.ts';
import { type Deployment, startDeployment } from '../../cli/up/deployment.ts';
import { fingerprint } from '../../cli/up/live-rules.ts';
import { project } from '../../cli/up/synthesis.ts';
import { busRuleName, DETAIL_TYPE, detailOf, SOURCE } from '../../events/bus-event.ts';
import { BUS_NAME } from '../../infra/names.ts';
import type { Runtime } from '../../local/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
declare module 'vitest' {
  interface ProvidedContext {
    /** the cloud assembly's folder */
    readonly assembly: string;
  }
}

/** Made of the tree as it stands: test/support/global-setup.ts. */
export const ASSEMBLY = inject('assembly');

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
  /** what it has said in the terminal */
  readonly said: readonly string[];
  readonly sfn: SFNClient;
  readonly access: LocalAccess;
  /** the ended executions of a delivery, one for each rule (and replay), waits until there are `count` */
  ended(deliveryId: string, count?: number): Promise<Ended[]>;
  /** posts a signed webhook as the built-in host */
  deliver(
    event: string,
    payload: unknown,
    options?: DeliverOptions,
  ): Promise<Response & { deliveryId: string }>;
  /** puts a webhook on the bus that the door would not let in, with an empty body and a signature of zeros */
  smuggle(event: string, deliveryId: string): Promise<void>;
  /** what is done while a rule is off takes place without it */
  withoutRule(name: string, done: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

export interface DeliverOptions {
  readonly deliveryId?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** What a deployment is made of in place of events/rules. */
export interface StartOptions {
  /** an assembly that was made already */
  readonly assembly?: string;
  /** a folder of rules of its own, synthesized and watched */
  readonly rules?: string;
}

export async function startHookline(
  data?: string,
  { assembly = ASSEMBLY, rules }: StartOptions = {},
): Promise<Hookline> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'hookline-e2e-')));
  const said: string[] = [];
  const deployment = await startDeployment({
    data: folder,
    port: 0,
    ...(rules ? await watched(folder, rules, (text) => said.push(text)) : { assembly }),
  });
  const access = accessOf({ endpointUrl: deployment.runtime.endpoint, ...deployment.runtime });
  const sfn = new SFNClient(access);
  return {
    ...deployment,
    data: folder,
    said,
    sfn,
    access,
    ended: reader(deployment),
    deliver: (event, payload, options) => deliver(deployment, event, payload, options),
    smuggle: (event, deliveryId) => smuggle(deployment, event, deliveryId),
    withoutRule: (name, done) => withoutRule(access, name, done),
    remove: async () => {
      await deployment.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function watched(folder: string, rules: string, say: (text: string) => void) {
  const make = () => synthesizeHere(rules, join(folder, 'cdk.out'));
  const inForce = fingerprint(rules);
  return { assembly: await make(), rules: { folder: rules, root: rules, inForce, say, synthesize: make } };
}

/**
 * As `hookline up` synthesizes, in this process: several of its files share what it has loaded. `up` itself, with a
 * process for each synthesis, runs in test/e2e/up.long.test.ts.
 */
async function synthesizeHere(rules: string, outdir: string): Promise<string> {
  // Most files start what is synthesized already, and need none of it.
  const [{ App }, { synth }, { context }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../../infra/synth.ts'),
    project(ROOT),
  ]);
  const { CDK_VALIDATION: before } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    await synth(new App({ outdir, context: { ...context, rules } }));
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
  return outdir;
}

async function withoutRule(access: LocalAccess, name: string, done: () => Promise<void>): Promise<void> {
  const events = new EventBridgeClient(access);
  const rule = { Name: busRuleName(name), EventBusName: BUS_NAME };
  await events.send(new DisableRuleCommand(rule));
  try {
    await done();
  } finally {
    await events.send(new EnableRuleCommand(rule));
    events.destroy();
  }
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

async function smuggle({ outputs, runtime }: Deployment, event: string, deliveryId: string): Promise<void> {
  const headers = { event, delivery: deliveryId, signature: `sha256=${'0'.repeat(64)}` };
  const webhook = { provider: 'github', host: 'localhost', headers, body: btoa('{}') } as const;
  const Detail = JSON.stringify(detailOf(webhook, {}));
  const Entries = [{ EventBusName: outputs.busName, Source: SOURCE, DetailType: DETAIL_TYPE, Detail }];
  await runtime.call('events', 'PutEvents', { Entries });
}

/** Ended executions do not change, so each is read once. */
function reader({ runtime, outputs }: Deployment): Hookline['ended'] {
  const known = new Map<string, { ended: Ended; text: string }>();
  const read = async () => {
    for (const { executionArn, status } of await executions(runtime, outputs.stateMachineArn)) {
      if (status === 'RUNNING' || known.has(executionArn)) continue;
      const ended = await summary(runtime, executionArn);
      known.set(executionArn, { ended, text: JSON.stringify(ended.input) });
    }
  };
  return async (deliveryId, count = 1) => {
    const found = () =>
      [...known.values()].flatMap(({ ended, text }) => (text.includes(deliveryId) ? ended : []));
    if (count > 0 && found().length >= count) return found();
    for (;;) {
      await read();
      if (found().length >= count) return found();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}

const listSchema = z.object({
  executions: z.array(z.looseObject({ executionArn: z.string(), status: z.string() })),
  nextToken: z.string().nullish(),
});
type Listed = z.infer<typeof listSchema>['executions'];

// By the runtime's own door, for it is asked often: what AWS's SDK makes of its answers, test/local/states is about.
async function executions(runtime: Runtime, stateMachineArn: string): Promise<Listed> {
  const found: Listed = [];
  let nextToken: string | undefined;
  do {
    const input = { stateMachineArn, ...(nextToken && { nextToken }) };
    const page = listSchema.parse(await runtime.call('states', 'ListExecutions', input));
    found.push(...page.executions);
    nextToken = page.nextToken ?? undefined;
  } while (nextToken);
  return found;
}

const describedSchema = z.looseObject({
  status: z.string(),
  input: z.string().default('null'),
  output: z.string().nullish(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
});
const historySchema = z.object({
  events: z.array(z.looseObject({ stateEnteredEventDetails: z.looseObject({ name: z.string() }).nullish() })),
});

async function summary(runtime: Runtime, executionArn: string): Promise<Ended> {
  const described = await runtime.call('states', 'DescribeExecution', { executionArn });
  const { status, input, output, error, cause } = describedSchema.parse(described);
  const history = await runtime.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
  const states = historySchema
    .parse(history)
    .events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return {
    executionArn,
    status,
    outcome: states.at(-1) ?? '',
    states,
    input: JSON.parse(input),
    output: JSON.parse(output ?? 'null'),
    error: error ?? undefined,
    cause: cause ?? undefined,
  };
}
