import '../../core/with-resolvers.ts';
import type { Cloud, Service } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import { WORKERS_PER_FUNCTION } from '../../core/workers.ts';
import { eventQueue } from './asynchronous.ts';
import { type Concurrency, concurrencyOf } from './concurrency.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './describe.ts';
import { eventInvokeConfigType, type FailureQueues } from './event-invoke-config.ts';
import { functionOf, functionSchema, type LambdaFunction } from './function.ts';
import { lambdaHttp } from './http.ts';
import { invokeOperation } from './invoke.ts';
import { findFunction, type Registry } from './names.ts';
import { Pool } from './pool.ts';
import { permissionType } from './resources.ts';
import { createSandbox, type RunInvocation, type Sandbox } from './sandbox.ts';

// A second push within this time finds the workers warm; later, memory is worth more than the second that new workers
// take.
const IDLE = 30_000;

/** Lambda: the template's functions, unchanged, each in worker threads of its own. */
export function lambdaService(cloud: Cloud): Service {
  const registry: Registry = { functions: new Map() };
  const queues: FailureQueues = new Map();
  const pools = new Map<string, Pool<Sandbox>>();
  // The pools of functions that have changed: their invocations end, and they begin no new ones.
  const former = new Set<Pool<Sandbox>>();
  const retire = (name: string): void => {
    const pool = pools.get(name);
    if (!pool) return;
    pools.delete(name);
    former.add(pool);
    void pool.drain();
  };
  let stopping = false;
  const concurrency = concurrencyOf(cloud, registry);
  const run: RunInvocation = async (fn, request) => {
    if (stopping) throw new Error(`the runtime is stopping: start it again and invoke ${fn.name} again`);
    return concurrency.counted(fn, () =>
      poolOf(cloud, pools, fn).use((sandbox) =>
        sandbox.invoke({ ...request, arn: fn.arn, timeoutSeconds: fn.timeoutSeconds }),
      ),
    );
  };
  const events = eventQueue({
    cloud,
    run,
    queues,
    find: (reference, qualifier) => findFunction(registry, reference, qualifier),
    stopping: () => stopping,
  });
  return {
    name: 'lambda',
    operations: {
      Invoke: invokeOperation({ registry, run, events, concurrency }),
      ListFunctions: listFunctions(registry),
      GetFunction: getFunction(registry),
      GetFunctionConfiguration: getFunctionConfiguration(registry),
    },
    http: lambdaHttp,
    resources: {
      'AWS::Lambda::Function': functionType({ cloud, registry, concurrency, retire }),
      'AWS::Lambda::EventInvokeConfig': eventInvokeConfigType(cloud, registry, queues),
      'AWS::Lambda::Permission': permissionType(registry, cloud),
    },
    start: async () => events.start(),
    stop: async () => {
      stopping = true;
      await Promise.all([...pools.values(), ...former].map((pool) => pool.close()));
      await events.stop();
    },
  };
}

interface FunctionParts {
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly concurrency: Concurrency;
  /** ends the workers of a function, which has changed or is gone */
  retire(name: string): void;
}

const functionType = ({ cloud, registry, concurrency, retire }: FunctionParts) =>
  resourceType(
    functionSchema,
    (properties, resource) => {
      const fn = functionOf(cloud, properties, resource);
      concurrency.reserve(fn);
      registry.functions.set(fn.name, fn);
      retire(fn.name);
      return { ref: fn.name, attributes: { Arn: fn.arn } };
    },
    (_resource, { ref }) => {
      registry.functions.delete(ref);
      cloud.reserved.delete(ref);
      retire(ref);
    },
  );

function poolOf(cloud: Cloud, pools: Map<string, Pool<Sandbox>>, fn: LambdaFunction): Pool<Sandbox> {
  const known = pools.get(fn.name);
  if (known) return known;
  const max = Math.min(WORKERS_PER_FUNCTION, fn.concurrency ?? WORKERS_PER_FUNCTION);
  const pool = new Pool({ max, idle: IDLE, create: () => createSandbox(cloud, fn) });
  pools.set(fn.name, pool);
  return pool;
}
