import './core/with-resolvers.ts';
import type { FastifyInstance } from 'fastify';
import { type Assembly, loadAssembly } from './assembly/assembly.ts';
import { deployStack, updateStack } from './assembly/deploy.ts';
import type { DeployedStack } from './assembly/deployed-stack.ts';
import { cloudOf } from './core/account.ts';
import { ACCOUNT, REGION } from './core/account-and-region.ts';
import { unsupported } from './core/aws-error.ts';
import type { Cloud, Credentials, Intercept, Service } from './core/cloud.ts';
import { createFaults } from './core/faults.ts';
import type { GrantObserver } from './core/iam/grants.ts';
import { policiesOf } from './core/iam/policies.ts';
import { type Identities, identities, seedOf } from './core/identity.ts';
import { takeFolder } from './core/state-folder.ts';
import type { Store } from './core/store.ts';
import { authenticator } from './http/authenticate.ts';
import { portRefused } from './http/port.ts';
import { createServer } from './http/server.ts';
import { cloudFormationService } from './services/cloudformation/index.ts';
import { servicesOf } from './services/index.ts';

export interface RuntimeOptions {
  /** the folder that `cdk synth` wrote */
  readonly assembly: string;
  /** the folder that keeps the state; one runtime at a time */
  readonly data: string;
  /** 0 for a free one */
  readonly port: number;
  /** values for the template's parameters */
  readonly parameters?: Readonly<Record<string, string>>;
  /** serves more on the same port, below prefixes of its own; called once the folder is held, before the port listens */
  readonly mount?: (app: FastifyInstance, endpoint: () => string) => void | Promise<void>;
  readonly warn?: (message: string) => void;
  /** stands around every call of the AWS API, from HTTP or from a service */
  readonly intercept?: Intercept;
  /** whether the service `faults` is there, by which a test has operations fail: docs/local.md */
  readonly faults?: boolean;
  /** looks on as the policies decide: for those who try whether each grant is needed */
  readonly grants?: GrantObserver;
  /** how whoever reads an error chooses another folder or port, for example `with --data` */
  readonly hints?: { readonly data: string; readonly port: string };
}

/** A cloud assembly, running. */
export interface Runtime {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** the administrator's access key, which may do whatever no policy of a resource denies */
  readonly credentials: Credentials;
  readonly stacks: readonly DeployedStack[];
  /** calls a service as the administrator */
  call(service: string, operation: string, input: unknown): Promise<unknown>;
  /**
   * Brings every stack to another assembly while it runs. The former assembly's assets must stay where they are.
   * @throws when it cannot be; everything is then as it was
   */
  update(assembly: string): Promise<void>;
  /** ends everything that was started; unfinished work goes on at the next start */
  close(): Promise<void>;
}

/**
 * Runs what a cloud assembly defines, on one port of the loopback interface.
 * @throws when the port is taken, the folder is held by another runtime, or the assembly holds what is not supported
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const assembly = loadAssembly(options.assembly);
  const { store, release } = await takeFolder(options.data, options.hints?.data);
  const known = identities(await seedOf(store));
  const parts = assemble(options, assembly, store, known);
  const close = async (): Promise<void> => {
    await parts.app.close();
    await Promise.all(parts.services.map((service) => service.stop?.()));
    await release();
    await store.close();
  };
  try {
    await parts.start();
  } catch (error) {
    await close();
    throw error;
  }
  const { cloud, stacks, update } = parts;
  const { principal, accessKeyId, secretAccessKey } = known.administrator;
  const call: Runtime['call'] = (service, operation, input) =>
    cloud.call(service, operation, input, principal);
  const credentials = { accessKeyId, secretAccessKey };
  return { endpoint: cloud.endpoint, credentials, stacks, call, update, close };
}

interface Parts {
  readonly app: FastifyInstance;
  readonly cloud: Cloud;
  readonly services: readonly Service[];
  readonly stacks: readonly DeployedStack[];
  start(): Promise<void>;
  update(assembly: string): Promise<void>;
}

function assemble(options: RuntimeOptions, first: Assembly, store: Store, known: Identities): Parts {
  let assembly = first;
  // What an earlier assembly had may still be in use.
  const assets = new Map(assembly.assets);
  const warn = options.warn ?? ((message: string) => void process.stderr.write(`${message}\n`));
  const policies = policiesOf(warn, options.grants);
  const faults = options.faults ? createFaults() : undefined;
  const intercept = faults?.intercept ?? options.intercept;
  const guards = { check: policies.check, ...(intercept && { intercept }) };
  const services: Service[] = [];
  const stacks: DeployedStack[] = [];
  const ready = promised();
  let endpoint = '';
  const app = createServer({
    services: () => services,
    authenticate: authenticator(known),
    guards,
    ready: ready.promise,
    arrived: () => cloud.foreground.arrive(),
  });
  const cloud = cloudOf({ store, assets, services, known, policies, guards, warn, endpoint: () => endpoint });
  const start = async (): Promise<void> => {
    try {
      await options.mount?.(app, () => endpoint);
      endpoint = await listen(app, options);
      services.push(
        ...servicesOf(cloud),
        cloudFormationService(
          () => stacks,
          () => endpoint,
        ),
        ...(faults ? [faults.service] : []),
      );
      await deploy(assembly, services, stacks, options.parameters ?? {});
      for (const service of services) await service.start?.();
      ready.resolve();
    } catch (error) {
      ready.reject(error);
      throw error;
    }
  };
  const update = async (directory: string): Promise<void> => {
    const next = loadAssembly(directory);
    for (const [key, asset] of next.assets) assets.set(key, asset);
    await updateStacks({ services, parameters: options.parameters ?? {} }, { stacks, assembly }, next);
    assembly = next;
  };
  return { app, cloud, services, stacks, start, update };
}

/** A promise of which nobody need hear that it failed. */
function promised(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => undefined);
  return made;
}

async function listen(app: FastifyInstance, { port, hints }: RuntimeOptions): Promise<string> {
  try {
    return await app.listen({ host: '127.0.0.1', port });
  } catch (cause) {
    throw portRefused(port, cause, hints?.port);
  }
}

async function deploy(
  assembly: Assembly,
  services: readonly Service[],
  stacks: DeployedStack[],
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  for (const stack of assembly.stacks) {
    const others = [...stacks];
    stacks.push(await deployStack({ stack, services, account: ACCOUNT, region: REGION, parameters, others }));
  }
}

/** Each stack in its place in the list that the services hold. @throws when a stack is gone or has come */
async function updateStacks(
  options: { services: readonly Service[]; parameters: Readonly<Record<string, string>> },
  former: { stacks: DeployedStack[]; assembly: Assembly },
  next: Assembly,
): Promise<void> {
  const names = ({ stacks }: Assembly): string => stacks.map(({ name }) => name).join(', ');
  if (names(next) !== names(former.assembly))
    throw unsupported(
      `other stacks than ${names(former.assembly)} while it runs (${names(next)}); start it again`,
    );
  for (const [index, deployed] of former.stacks.entries()) {
    const [stack, was] = [next, former.assembly].map(({ stacks }) => stacks[index]);
    if (!stack || !was) continue;
    const others = former.stacks.filter((other) => other !== deployed);
    const deployment = { stack, account: ACCOUNT, region: REGION, others, ...options };
    former.stacks[index] = await updateStack(deployment, { deployed, stack: was });
  }
}
