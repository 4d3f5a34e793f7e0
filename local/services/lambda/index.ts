import '../../core/polyfill.ts';
import { availableParallelism } from 'node:os';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './describe.ts';
import { functionOf, type LambdaFunction } from './function.ts';
import { lambdaHttp } from './http.ts';
import { invoke, type Run } from './invoke.ts';
import type { Registry } from './names.ts';
import { Pool } from './pool.ts';
import { alias, layer, noted, version } from './resources.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

// A worker holds tens of megabytes and mostly waits for this very process: one for each processor, within reason.
const MAX_WORKERS = Math.min(4, Math.max(2, availableParallelism()));
// Who pushes, looks, and pushes again finds it warm; later, memory is worth more than the second that new workers take.
const IDLE = 30_000;

/** Lambda: the template's functions, unchanged, each in worker threads of its own. */
export function lambdaService(cloud: Cloud): Service {
  const registry: Registry = { functions: new Map(), qualifiers: new Map() };
  const pools = new Map<string, Pool<Sandbox>>();
  // Of functions that have changed: what they run ends, and they begin nothing.
  const former = new Set<Pool<Sandbox>>();
  const retire = (name: string): void => {
    const pool = pools.get(name);
    if (!pool) return;
    pools.delete(name);
    former.add(pool);
    void pool.drain();
  };
  let stopping = false;
  const run: Run = async (fn, request) => {
    if (stopping) throw new Error(`the runtime is stopping: start it again and invoke ${fn.name} again`);
    return poolOf(cloud, pools, fn).use((sandbox) =>
      sandbox.invoke({ ...request, arn: fn.arn, timeoutSeconds: fn.timeoutSeconds }),
    );
  };
  return {
    name: 'lambda',
    operations: {
      Invoke: (input) => invoke(registry, run, input),
      ListFunctions: (input) => listFunctions(registry, input),
      GetFunction: (input) => getFunction(registry, input),
      GetFunctionConfiguration: (input) => getFunctionConfiguration(registry, input),
    },
    http: lambdaHttp,
    resources: {
      'AWS::Lambda::Function': (resource) => {
        const made = provision(cloud, registry, resource);
        retire(made.ref);
        return made;
      },
      'AWS::Lambda::Version': (resource) => version(registry, resource),
      'AWS::Lambda::Alias': (resource) => alias(registry, resource),
      'AWS::Lambda::Permission': noted,
      'AWS::Lambda::EventInvokeConfig': noted,
      'AWS::Lambda::LayerVersion': layer,
    },
    removals: {
      'AWS::Lambda::Function': (_resource, { ref }) => {
        registry.functions.delete(ref);
        registry.qualifiers.delete(ref);
        retire(ref);
      },
      'AWS::Lambda::Permission': () => undefined,
      'AWS::Lambda::EventInvokeConfig': () => undefined,
    },
    stop: async () => {
      stopping = true;
      await Promise.all([...pools.values(), ...former].map((pool) => pool.close()));
    },
  };
}

function provision(cloud: Cloud, registry: Registry, resource: Resource): Provisioned {
  const fn = functionOf(cloud, resource);
  registry.functions.set(fn.name, fn);
  return { ref: fn.name, attributes: { Arn: fn.arn } };
}

function poolOf(cloud: Cloud, pools: Map<string, Pool<Sandbox>>, fn: LambdaFunction): Pool<Sandbox> {
  const known = pools.get(fn.name);
  if (known) return known;
  const max = Math.min(MAX_WORKERS, fn.concurrency ?? MAX_WORKERS);
  const pool = new Pool({ max, idle: IDLE, create: () => createSandbox(cloud, fn) });
  pools.set(fn.name, pool);
  return pool;
}
