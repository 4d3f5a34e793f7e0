import type { Runtime, RuntimeOptions } from './runtime.ts';

export { type Assembly, loadAssembly } from './assembly/assembly.ts';
export type { DeployedStack } from './assembly/deployed-stack.ts';
export { ADMINISTRATOR } from './core/account-and-region.ts';
export type { Credentials, Intercept, Intercepted } from './core/cloud.ts';
export type { Request } from './core/iam/evaluate.ts';
export type { Grant, GrantObserver } from './core/iam/grants.ts';
export { isOfCommit } from './core/not-written.ts';
export { isAlive, startOf } from './core/process.ts';
export { portRefused } from './http/port.ts';
export type { Runtime, RuntimeOptions } from './runtime.ts';

/**
 * Runs what a cloud assembly defines, on one port of the loopback interface.
 * @throws when the port is taken, the folder is held by another runtime, or the assembly holds what is not supported
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  // The services are loaded here and not before: whoever only reads an assembly does not wait for them.
  const runtime = await import('./runtime.ts');
  return runtime.startRuntime(options);
}
