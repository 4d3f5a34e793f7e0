import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { LambdaFunction } from './function.ts';
import type { Registry } from './names.ts';

// What an account has, unless it is new, and what AWS leaves to the functions without a reservation:
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
const ACCOUNT = 1000;
const UNRESERVED = 100;

type Reserving = Pick<LambdaFunction, 'name' | 'concurrency'>;

/** How many of each function run, or wait for a worker: on AWS those run too. */
export interface Concurrency {
  /** @throws InvalidParameterValueException for more than the account has left to reserve */
  reserve(fn: Reserving): void;
  /** @throws TooManyRequestsException where as many run as the function reserves */
  check(fn: Reserving): void;
  counted<T>(fn: Reserving, work: () => Promise<T>): Promise<T>;
}

export function concurrencyOf(cloud: Pick<Cloud, 'reserved'>, { functions }: Registry): Concurrency {
  const running = new Map<string, number>();
  const count = (name: string, by: number): void => void running.set(name, (running.get(name) ?? 0) + by);
  return {
    reserve: ({ name, concurrency }) => {
      const others = [...functions.values()].filter((fn) => fn.name !== name);
      const left = ACCOUNT - others.reduce((sum, fn) => sum + (fn.concurrency ?? 0), concurrency ?? 0);
      if (concurrency !== undefined && left < UNRESERVED)
        throw new AwsError(
          'InvalidParameterValueException',
          `ReservedConcurrentExecutions ${concurrency} of ${name} leaves ${left} of the account's ${ACCOUNT} to other functions, and AWS keeps ${UNRESERVED} for them`,
        );
      if (concurrency === undefined) cloud.reserved.delete(name);
      else cloud.reserved.add(name);
    },
    check: ({ name, concurrency }) => {
      if (concurrency === undefined || (running.get(name) ?? 0) < concurrency) return;
      throw new AwsError(
        'TooManyRequestsException',
        `Rate Exceeded: ${name} reserves ${concurrency} executions at once`,
        429,
        { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      );
    },
    counted: async ({ name }, work) => {
      count(name, 1);
      try {
        return await work();
      } finally {
        count(name, -1);
      }
    },
  };
}
