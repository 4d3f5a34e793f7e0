import * as z from 'zod';
import type { Intercept, Intercepted } from '../../../local/index.ts';

/** The call at which a runtime kills itself. */
export const aimSchema = z.object({
  /** the call's name, by `nameOf` */
  call: z.string(),
  /** the first such call from now on is the 1st */
  nth: z.number(),
  /** whether the call is still carried out, and only its answer is lost */
  after: z.boolean(),
});

export type Aim = z.infer<typeof aimSchema>;

/** Notes the calls of a runtime, and kills its process at the one that is aimed at. */
export interface Killer {
  readonly intercept: Intercept;
  /** the names of the calls that change something, each as often as it came */
  readonly calls: readonly string[];
  /** @param at none, to let all calls pass */
  aim(at: Aim | undefined): void;
}

export function createKiller(die: () => Promise<never>): Killer {
  const calls: string[] = [];
  let aimed: Aim | undefined;
  return {
    calls,
    aim: (at) => {
      aimed = at;
    },
    intercept: (call, run) => {
      if (!isOfInterest(call)) return run(call.input);
      const name = nameOf(call);
      calls.push(name);
      if (!aimed || aimed.call !== name) return run(call.input);
      const { nth, after } = aimed;
      aimed = nth > 1 ? { ...aimed, nth: nth - 1 } : undefined;
      if (nth > 1) return run(call.input);
      return after ? Promise.resolve(run(call.input)).then(die) : die();
    },
  };
}

// What only reads has no effect to lose, and the lines of a function's log are nobody's record.
const READS = /^(Get|List|Describe|BatchGet|Head|Query|Scan|Receive|Filter)/;

const isOfInterest = ({ principal, service, operation }: Intercepted): boolean =>
  !READS.test(operation) && (service !== 'logs' || principal.service !== undefined);

const TARGETS = ['FunctionName', 'TableName', 'QueueUrl', 'stateMachineArn', 'projectName', 'Bucket'];

/** Who calls what on which resource, the same in every run: `publish dynamodb:UpdateItem DataRefs`. */
export function nameOf({ principal, service, operation, input }: Intercepted): string {
  const members = new Map(Object.entries(Object(input)));
  const target = TARGETS.map((member) => members.get(member)).find((value) => typeof value === 'string');
  const caller = principal.service ?? principal.arn;
  return `${shortened(caller)} ${service}:${operation} ${shortened(String(target ?? ''))}`.trim();
}

/** The part of a made name that a person has chosen. */
const shortened = (name: string): string =>
  (/[^:/]*$/.exec(name)?.[0] ?? '')
    .replace(/-[0-9a-f]{12}$/, '')
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/^Hookline-(Functions)?/i, '')
    .replace(/(?<=.)(Role|Function)$/, '');
