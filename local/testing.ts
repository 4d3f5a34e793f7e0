import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ACCOUNT, ADMINISTRATOR, REGION } from './core/account-and-region.ts';
import type { Asset, Call, Cloud, Principal, Provisioned, Service } from './core/cloud.ts';
import { ends } from './core/ends.ts';
import { foreground } from './core/foreground.ts';
import { makeResource, operation, perform } from './core/gate.ts';
import { policiesOf } from './core/iam/policies.ts';
import { actingFor } from './core/identity.ts';
import { StateNotWritten } from './core/not-written.ts';
import { type Collection, openStore, type Store } from './core/store.ts';
import { createServer } from './http/server.ts';

/** A cloud for tests of single services. */
export interface FakeCloud extends Cloud {
  /** what services warned of */
  readonly warnings: string[];
  /** whether it takes no write */
  readonly disk: { full: boolean };
  /** puts a service under test, or a fake one, in the cloud */
  add(service: Service): Service;
  /** calls as the administrator */
  request(service: string, operation: string, input?: unknown): Promise<unknown>;
  /** stops every service and closes the store, as the end of the process does */
  close(): Promise<void>;
}

export const administrator: Principal = { arn: ADMINISTRATOR, accessKeyId: 'administrator' };

/** A folder for one test file's state. @returns its path, and what removes the folder */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hookline-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A cloud with a real store in this folder, and only the services that the test adds.
 * @param guarded whether policies decide, as in the runtime; otherwise everybody may do everything
 */
export function fakeCloud(
  folder: string,
  assets: Record<string, Asset> = {},
  store: Store = openStore(folder),
  guarded = false,
): FakeCloud {
  const disk = { full: false };
  const services = new Map<string, Service>();
  const warnings: string[] = [];
  const policies = policiesOf(() => undefined);
  const guards = guarded ? { check: policies.check } : {};
  const call = async (name: string, operation: string, input: unknown, principal: Principal) => {
    const service = services.get(name);
    if (!service) throw new Error(`the test has no ${name}: add it`);
    return perform(service, operation, input, { principal, requestId: 'test' }, guards);
  };
  return {
    account: ACCOUNT,
    region: REGION,
    endpoint: 'http://127.0.0.1:1',
    store: fillable(store, disk),
    disk,
    inputOf: (name, operation) => {
      const { operations = {} } = services.get(name) ?? {};
      return Object.hasOwn(operations, operation) ? operations[operation]?.schema : undefined;
    },
    call,
    warnings,
    policies,
    reserved: new Set(),
    foreground: foreground(),
    ends: ends(),
    role: (arn) => ({ arn, accessKeyId: 'role' }),
    // What a role trusts is tried at test/local/core/iam/policies.test.ts and at whole deployments.
    assume: (arn, by) => {
      if (guarded) policies.assume(arn, by);
      return { arn, accessKeyId: 'role' };
    },
    acting: (service, source) => actingFor(ACCOUNT, service, source),
    session: (arn) => ({ accessKeyId: 'role', secretAccessKey: 'secret', sessionToken: arn }),
    environment: () => ({ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'role' }),
    asset: (key) => assets[key],
    warn: (message) => void warnings.push(message),
    add: (service) => {
      services.set(service.name, service);
      return service;
    },
    request: (service, operation, input = {}) => call(service, operation, input, administrator),
    close: async () => {
      for (const service of services.values()) await service.stop?.();
      await store.close();
    },
  };
}

/** The store on a disk that may be full. */
function fillable(store: Store, disk: { readonly full: boolean }): Store {
  let inTransaction = false;
  const unlessFull = async <T>(write: () => Promise<T>): Promise<T> => {
    if (disk.full && !inTransaction) throw new StateNotWritten('the disk is full');
    return write();
  };
  const unlessFullOf = <T>(collection: Collection<T>): Collection<T> => ({
    ...collection,
    // What cannot begin fails the transaction around it, as in the store itself.
    put: (key, value) =>
      inTransaction ? collection.put(key, value) : unlessFull(() => collection.put(key, value)),
    remove: (key) => (inTransaction ? collection.remove(key) : unlessFull(() => collection.remove(key))),
  });
  const noted =
    <R>(work: () => R) =>
    (): R => {
      inTransaction = true;
      try {
        return work();
      } finally {
        inTransaction = false;
      }
    };
  return {
    ...store,
    collection: <T>(name: string) => unlessFullOf(store.collection<T>(name)),
    transaction: (work) => unlessFull(() => store.transaction(noted(work))),
  };
}

/** What an operation of a test's own service does with its input, which is of any form. */
export type FakeOperation = (input: unknown, call: Call) => unknown;

/** Lets a role do everything, for services that look at once at what it may do. */
export function permit({ policies }: Pick<Cloud, 'policies'>, roleArn: string): void {
  policies.trust(roleArn, []);
  policies.identity('permitted', [roleArn], [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }]);
}

/** A service of the test's own. */
export function fakeService(
  name: string,
  operations: Readonly<Record<string, FakeOperation>>,
  more: Partial<Service> = {},
): Service {
  const known = Object.entries(operations).map(([each, run]) => [each, operation(z.unknown(), run)]);
  return { name, operations: Object.fromEntries(known), resources: {}, ...more };
}

/** Services over HTTP. */
export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** the options of a client of the AWS SDK that talks to these services and asks once */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

/** Takes every signature for the administrator's. */
export const asAdministrator = async (): Promise<Principal> => administrator;

/** Serves these services on a free port, as the runtime does, to whoever calls. */
export async function serve(services: readonly Service[]): Promise<Served> {
  const app = createServer({
    services: () => services,
    authenticate: asAdministrator,
    ready: Promise.resolve(),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return {
    endpoint,
    client: { endpoint, region: REGION, credentials, maxAttempts: 1 },
    close: () => app.close(),
  };
}

/**
 * Makes a resource as a stack does.
 * @param generatedName the name that CloudFormation would make up, and the logical id besides
 */
export async function make(
  service: Service,
  type: string,
  properties: object = {},
  generatedName = 'Stack-It-1',
): Promise<Provisioned> {
  const resource = { stackName: 'Stack', logicalId: generatedName, type, generatedName };
  return makeResource(service, { ...resource, properties: { ...properties } });
}
