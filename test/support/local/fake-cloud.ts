import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset, Cloud, Principal, Service } from '../../../local/core/cloud.ts';
import { perform } from '../../../local/core/gate.ts';
import { openStore } from '../../../local/core/store.ts';

export interface FakeCloud extends Cloud {
  /** what services warned of */
  readonly warnings: string[];
  /** puts a service under test, or a fake one, in the cloud */
  add(service: Service): Service;
  /** calls as the account */
  request(service: string, operation: string, input?: unknown): Promise<unknown>;
  /** stops every service and closes the store, as the end of the process does */
  close(): Promise<void>;
}

const root: Principal = { arn: 'arn:aws:iam::000000000000:root', accessKeyId: 'root' };

/** A folder for one test file's state. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hookline-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A cloud with a real store in this folder, and only the services that the test adds. */
export function fakeCloud(folder: string, assets: Record<string, Asset> = {}): FakeCloud {
  const services = new Map<string, Service>();
  const warnings: string[] = [];
  const store = openStore(folder);
  const call = async (name: string, operation: string, input: unknown, principal: Principal) => {
    const service = services.get(name);
    if (!service) throw new Error(`the test has no ${name}: add it`);
    return perform(service, operation, input, { principal, requestId: 'test' });
  };
  return {
    account: '000000000000',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    store,
    call,
    warnings,
    role: (arn) => ({ arn, accessKeyId: 'role' }),
    environment: () => ({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'role' }),
    asset: (key) => assets[key],
    warn: (message) => void warnings.push(message),
    add: (service) => {
      services.set(service.name, service);
      return service;
    },
    request: (service, operation, input = {}) => call(service, operation, input, root),
    close: async () => {
      for (const service of services.values()) await service.stop?.();
      await store.close();
    },
  };
}
