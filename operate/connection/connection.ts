import type { Access } from './access.ts';
import { type Clients, makers } from './clients.ts';
import { type StackOutputs, stackOutputs } from './outputs.ts';

/** A deployment, on AWS or on this machine, and a client for each service that it is operated by, made when first used. */
export interface Connection extends Clients {
  readonly outputs: StackOutputs;
  close(): void;
}

/** Connects to a stack. @throws when there is no such stack */
export async function connect(stackName: string, access: Access = {}): Promise<Connection> {
  const outputs = await stackOutputs(stackName, access);
  const made: Client[] = [];
  const close = (): void => {
    for (const client of made) client.destroy();
  };
  return Object.assign(clientsOf(access, made), { outputs, close });
}

/**
 * A list describes more executions than Step Functions takes at once, some 300 and then 15 a second:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const PATIENT = { maxAttempts: 10, retryMode: 'adaptive' } as const;

type Client = { destroy(): void; readonly middlewareStack: { remove(name: string): boolean } };

function clientsOf(access: Access, made: Client[]): Clients {
  const clients = {};
  const define = (name: string, property: PropertyDescriptor): unknown =>
    Object.defineProperty(clients, name, { enumerable: true, configurable: true, ...property });
  for (const [name, make] of Object.entries(makers))
    define(name, {
      get: () => {
        // A local runtime that was stopped refuses every attempt, and the caller hears it at once.
        const value: Client = make(access.endpoint === undefined ? { ...access, ...PATIENT } : access);
        // The SDK copies every answer for a log that nobody reads.
        value.middlewareStack.remove('loggerMiddleware');
        define(name, { value });
        made.push(value);
        return value;
      },
    });
  // Each member has the type of its maker, which is how `Clients` is made.
  return clients as Clients;
}
