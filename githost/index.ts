import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createApps } from './apps/apps.ts';
import { equalInConstantTime, type Identify } from './credential.ts';
import { createGit } from './git.ts';
import { createSmartHttp } from './http/smart-http.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createLfs } from './lfs/index.ts';
import { mount } from './mount.ts';
import type { Addresses } from './payload/user.ts';
import { createPulls } from './pulls/index.ts';
import { branchCommit } from './pulls/refs.ts';
import { createAnnouncer } from './push/announce.ts';
import { createRepositories } from './repositories.ts';
import { takeUp } from './take-up.ts';
import { createDeliveries, type Deliveries, type DeliverySummary } from './webhook/deliveries.ts';
import { createDispatcher, type Dispatcher } from './webhook/dispatcher.ts';
import { createHooks } from './webhook/hooks.ts';
import { claimHostHook } from './webhook/host-hooks.ts';
import { ping } from './webhook/ping.ts';

export interface GitHostOptions {
  /** where repositories, hooks and deliveries are kept */
  readonly directory: string;
  /** the address it is mounted at, without a slash at its end; `''` while that is not known */
  readonly url: () => string;
  /** its name in X-GitHub-Enterprise-Host */
  readonly hostName: string;
  /** the password of every user */
  readonly token: string;
  /** signs what is sent to a hook that is added without a secret of its own */
  readonly webhookSecret: string;
  /** how many deliveries are kept, the newest: 1,000 unless it is given */
  readonly kept?: number;
}

/** A delivery as the host lists it. */
interface HostDelivery extends Omit<DeliverySummary, 'id' | 'guid'> {
  /** X-GitHub-Delivery, the same for a redelivery */
  readonly id: string;
}

export interface GitHost {
  /** mounts git's smart HTTP and the API under the prefix, before the server listens */
  register(app: FastifyInstance, prefix: string): void;
  /** sends a receiver the events of every repository; it is added once for each address, and a new one gets a ping */
  addHook(hook: { url: string; secret?: string; events: readonly string[] }): Promise<void>;
  /** @param repository `owner/name`, of one that need not be there */
  hasBranch(repository: string, branch: string): Promise<boolean>;
  /** oldest first */
  deliveries(): readonly HostDelivery[];
  /**
   * Sends a delivery's bytes again, to each hook that had it, and resolves when they have answered.
   * @throws when no such delivery is kept
   */
  redeliver(id: string): Promise<void>;
  /** ends everything that runs; deliveries that were not sent are sent at the next start */
  close(): Promise<void>;
}

/** A small git host that speaks as GitHub Enterprise Server does: pushes in, signed webhooks out. */
export function createGitHost(options: GitHostOptions): GitHost {
  const { directory, url, hostName, token, webhookSecret, kept = 1000 } = options;
  const git = createGit(join(directory, 'home'));
  const apps = createApps(directory);
  const identify: Identify = (given) => {
    if (equalInConstantTime(given, token)) return {};
    const app = apps.signedBy(given);
    return app ? { login: app.slug, app } : apps.identify(given);
  };
  const repositories = createRepositories(directory, git);
  const hooks = createHooks(directory);
  const deliveries = createDeliveries(directory, kept);
  const dispatcher = createDispatcher(hooks, deliveries, hostName);
  const addresses = (): Addresses => ({ html: url(), api: `${url()}/api/v3`, hostName });
  const pushes = createKeyedQueue();
  const requests = createKeyedQueue();
  const pulls = createPulls({ git, repositories, hooks, dispatcher, addresses, queue: requests });
  const announcer = createAnnouncer({ git, repositories, hooks, dispatcher, pulls, addresses });
  const smart = createSmartHttp({ git, repositories, announcer, pushes, identify });
  const lfs = createLfs({ repositories, pushes, identify, url });
  let closing = false;
  let opened: Promise<unknown> | undefined;
  // Once the address is known: nothing is sent or removed by a host that may not have the folder yet.
  const open = (): Promise<unknown> => {
    opened ??= takeUp(directory, { repositories, dispatcher, pulls, announcer, pushes });
    return opened;
  };
  const whyUnready = async (): Promise<string | undefined> => {
    if (closing) return 'the git host is ending';
    if (url() === '') return 'the git host is starting';
    await open();
    return undefined;
  };
  const api = { git, repositories, hooks, deliveries, dispatcher, pulls, announcer, pushes };
  const parts = { ...api, apps, identify, addresses };
  return {
    register: (app, prefix) => mount(app, prefix, { ...parts, smart, lfs, whyUnready }),
    addHook: async ({ url: to, secret = webhookSecret, events }) => {
      const { hook, isNew } = claimHostHook(hooks, dispatcher, { url: to, secret, events });
      await open();
      dispatcher.wake(hook);
      if (isNew) await ping({ dispatcher, repositories, addresses: addresses(), login: 'hookline' }, hook);
    },
    hasBranch: async (fullName, branch) => {
      const [owner = '', name = ''] = fullName.split('/');
      const found = repositories.find(owner, name);
      return found !== undefined && (await branchCommit(git, found, branch)) !== undefined;
    },
    deliveries: () => deliveries.all().map(({ id: _, guid, ...delivery }) => ({ id: guid, ...delivery })),
    redeliver: (id) => redeliver(deliveries, dispatcher, id),
    close: async () => {
      closing = true;
      await smart.close();
      await opened;
      await requests.idle();
      await dispatcher.close();
    },
  };
}

async function redeliver(deliveries: Deliveries, dispatcher: Dispatcher, id: string): Promise<void> {
  const sent = new Map(
    deliveries
      .all()
      .filter(({ guid }) => guid === id)
      .map((delivery) => [delivery.hookId, delivery]),
  );
  if (sent.size === 0) throw new Error(`the git host keeps no delivery ${id}: deliveries() lists them`);
  await Promise.all([...sent.values()].map(async (delivery) => (await dispatcher.resend(delivery)).sent));
}
