import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  type RuleState,
} from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, inject, vi } from 'vitest';
import { accessOf, type LocalAccess } from '../../cli/outputs/local-address.ts';
import { type Deployment, startDeployment } from '../../cli/up/deployment.ts';
import { fingerprint } from '../../cli/up/live-rules.ts';
import { busRuleName, DETAIL_TYPE, detailOf, SOURCE } from '../../events/bus-event.ts';
import { type DeliverOptions, deliver } from './deliver.ts';
import { type EndedOf, endedOf } from './ended.ts';
import { synthesizeHere } from './synthesize-here.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the cloud assembly's folder */
    readonly assembly: string;
  }
}

/** Made of the tree as it stands: test/support/global-setup.ts. */
export const ASSEMBLY = inject('assembly');

/** A whole Hookline on a free port, as `hookline up --no-demo` starts it. */
export interface Hookline extends Deployment {
  readonly data: string;
  /** what it has said in the terminal */
  readonly said: readonly string[];
  readonly sfn: SFNClient;
  readonly access: LocalAccess;
  /** the ended executions of a delivery, one for each rule (and replay), waits until there are `count` */
  readonly ended: EndedOf;
  /** posts a signed webhook as the built-in host */
  deliver(
    event: string,
    payload: unknown,
    options?: DeliverOptions,
  ): Promise<Response & { deliveryId: string }>;
  /** puts a webhook on the bus that the door would not let in, with an empty body and a signature of zeros */
  smuggle(event: string, deliveryId: string): Promise<void>;
  /** sets the state of a rule on the bus */
  switchRule(name: string, state: RuleState): Promise<void>;
  /** what is done while a rule is off takes place without it */
  withoutRule(name: string, done: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

/** What a deployment is made of in place of events/rules. */
export interface StartOptions {
  /** an assembly that was made already */
  readonly assembly?: string;
  /** a folder of rules of its own, or the rules of one by their names, without a description: synthesized and watched */
  readonly rules?: string | Readonly<Record<string, string>>;
  /** whether operations can be had fail */
  readonly faults?: boolean;
}

export async function startHookline(
  data?: string,
  { assembly = ASSEMBLY, rules, faults = false }: StartOptions = {},
): Promise<Hookline> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'hookline-e2e-')));
  const said: string[] = [];
  const deployment = await startDeployment({
    data: folder,
    port: 0,
    faults,
    ...(rules
      ? await watched(folder, await written(folder, rules), (text) => said.push(text))
      : { assembly }),
  });
  const access = accessOf({ endpointUrl: deployment.runtime.endpoint, ...deployment.runtime });
  const sfn = new SFNClient(access);
  return {
    ...deployment,
    data: folder,
    said,
    sfn,
    access,
    ended: endedOf(deployment),
    deliver: (event, payload, options) => deliver(deployment, event, payload, options),
    smuggle: (event, deliveryId) => smuggle(deployment, event, deliveryId),
    switchRule: (name, state) => switchRule(access, deployment.outputs.busName, name, state),
    withoutRule: async (name, done) => {
      await switchRule(access, deployment.outputs.busName, name, 'DISABLED');
      try {
        await done();
        // The host tells of a push after the push has ended.
        await vi.waitFor(() => expect(pendingOf(deployment)).toEqual([]));
      } finally {
        await switchRule(access, deployment.outputs.busName, name, 'ENABLED');
      }
    },
    remove: async () => {
      await deployment.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const pendingOf = ({ gitHost }: Deployment) =>
  gitHost.deliveries().filter(({ status }) => status === 'pending');

async function written(folder: string, rules: NonNullable<StartOptions['rules']>): Promise<string> {
  if (typeof rules === 'string') return rules;
  const made = join(folder, 'rules');
  await mkdir(made, { recursive: true });
  for (const [name, text] of Object.entries(rules))
    await writeFile(join(made, `${name}.yaml`), `description: ${name}\n${text}\n`);
  return made;
}

async function watched(folder: string, rules: string, say: (text: string) => void) {
  const make = () => synthesizeHere(join(folder, 'cdk.out'), { rules });
  const inForce = fingerprint(rules);
  return { assembly: await make(), rules: { folder: rules, root: rules, inForce, say, synthesize: make } };
}

async function switchRule(
  access: LocalAccess,
  busName: string,
  name: string,
  state: RuleState,
): Promise<void> {
  const events = new EventBridgeClient(access);
  const rule = { Name: busRuleName(busName, name), EventBusName: busName };
  await events.send(state === 'ENABLED' ? new EnableRuleCommand(rule) : new DisableRuleCommand(rule));
  events.destroy();
}

async function smuggle({ outputs, runtime }: Deployment, event: string, deliveryId: string): Promise<void> {
  const headers = { event, delivery: deliveryId, signature: `sha256=${'0'.repeat(64)}` };
  const webhook = { provider: 'github', host: 'localhost', headers, body: btoa('{}') } as const;
  // The rule of the demo takes every event of its repository.
  const Detail = JSON.stringify(detailOf(webhook, { repository: { full_name: 'hookline/demo' } }));
  const Entries = [{ EventBusName: outputs.busName, Source: SOURCE, DetailType: DETAIL_TYPE, Detail }];
  await runtime.call('events', 'PutEvents', { Entries });
}
