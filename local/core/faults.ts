import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { Intercept, Intercepted, Service } from './cloud.ts';
import { operation } from './gate.ts';

// A caller of AWS gives up before.
const LONGEST_MS = 15 * 60_000;

const which = {
  /** the service's name in a signature: `dynamodb` */
  Service: z.string(),
  /** `UpdateItem`; every operation of the service without it */
  Operation: z.string().optional(),
};

const faultSchema = z.strictObject({
  ...which,
  /**
   * what becomes of a call: it fails before its effect; it is carried out and its answer is an error; it is refused for
   * the moment; it is answered late; or it is answered as the same input was answered before
   */
  Kind: z.enum(['fail', 'lose-answer', 'throttle', 'late', 'stale']),
  /** how many calls it is for, without end by default */
  Count: z.number().int().positive().optional(),
  /** which part of the calls it is for: 0.1 is about every tenth */
  Share: z.number().gt(0).max(1).default(1),
  /** the error's name in place of the usual one */
  Error: z.string().optional(),
  /** of `late`: after so many milliseconds */
  Milliseconds: z.number().int().positive().max(LONGEST_MS).default(1000),
});

export type Fault = z.input<typeof faultSchema>;

interface Active extends z.output<typeof faultSchema> {
  /** how many calls it was for */
  done: number;
  /** by input: how it was answered first since the fault is there */
  readonly answers: Map<string, unknown>;
}

/** Faults that whoever tries a program has the runtime's operations make, and the service by which they are asked for. */
export interface Faults {
  readonly service: Service;
  readonly intercept: Intercept;
}

/** @param random between 0 and 1, for faults of a share */
export function createFaults(random: () => number = Math.random): Faults {
  let active: Active[] = [];
  const put = (faults: readonly z.output<typeof faultSchema>[]): object => {
    active = faults.map((fault) => ({ ...fault, done: 0, answers: new Map() }));
    return {};
  };
  const get = () => ({ Faults: active.map(({ answers: _, done, ...fault }) => ({ ...fault, Done: done })) });
  const takes = (fault: Active, { service, operation: name }: Intercepted): boolean =>
    fault.Service === service &&
    (fault.Operation ?? name) === name &&
    fault.done < (fault.Count ?? Number.POSITIVE_INFINITY);
  return {
    service: {
      name: 'faults',
      operations: {
        PutFaults: operation(z.strictObject({ Faults: z.array(faultSchema) }), ({ Faults }) => put(Faults)),
        GetFaults: operation(z.strictObject({}), get),
      },
      resources: {},
    },
    intercept: (call, run) => {
      const fault = active.find((each) => takes(each, call));
      if (!fault || (fault.Share < 1 && random() >= fault.Share)) return run(call.input);
      return KINDS[fault.Kind](fault, call, run);
    },
  };
}

type Kind = (fault: Active, call: Intercepted, run: (input: unknown) => unknown) => unknown;

const KINDS: Readonly<Record<Active['Kind'], Kind>> = {
  fail: (fault) => {
    throw faultOf(fault, 'InternalServerError', 500);
  },
  'lose-answer': async (fault, { input }, run) => {
    const error = faultOf(fault, 'InternalServerError', 500);
    await run(input);
    throw error;
  },
  throttle: (fault) => {
    throw faultOf(fault, 'ThrottlingException', 400);
  },
  late: async (fault, { input }, run) => {
    fault.done += 1;
    await wait(fault.Milliseconds, undefined, { ref: false });
    return run(input);
  },
  stale: async (fault, { input }, run) => {
    // What asks for the present state gets it on AWS too.
    if (isConsistent(input)) return run(input);
    const key = JSON.stringify(input);
    const held = fault.answers.get(key);
    if (held !== undefined) {
      fault.done += 1;
      return held;
    }
    const answer = await run(input);
    fault.answers.set(key, answer);
    return answer;
  },
};

const isConsistent = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'ConsistentRead' in input && input.ConsistentRead === true;

/** Counts the call, and names the error as one that was asked for. */
function faultOf(fault: Active, usual: string, status: number): AwsError {
  fault.done += 1;
  const { Kind: kind, Error: code = usual } = fault;
  return new AwsError(code, `a fault was asked for (${kind}); PutFaults ends it`, status);
}
