import * as z from 'zod';
import type { Deployment } from '../../cli/up/deployment.ts';
import type { Runtime } from '../../local/index.ts';

/** One ended execution of the delivery machine. */
export interface Ended {
  readonly executionArn: string;
  readonly status: string;
  /** the last state entered: the outcome */
  readonly outcome: string;
  readonly states: readonly string[];
  readonly input: unknown;
  readonly output: unknown;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/**
 * Reads the ended executions of a delivery, one for each rule (and replay), and waits until there are `count`:
 * of none, until none of them runs. Throws when the id is empty.
 */
export type EndedOf = (deliveryId: string, count?: number) => Promise<Ended[]>;

/** Ended executions do not change, so each is read once. */
export function endedOf({ runtime, outputs }: Pick<Deployment, 'runtime' | 'outputs'>): EndedOf {
  const known = new Map<string, { ended: Ended; text: string }>();
  const read = async () => {
    for (const { executionArn, status } of await executions(runtime, outputs.stateMachineArn)) {
      if (status === 'RUNNING' || known.has(executionArn)) continue;
      const ended = await summary(runtime, executionArn);
      known.set(executionArn, { ended, text: JSON.stringify(ended.input) });
    }
  };
  const isRunning = async (deliveryId: string) => {
    const all = await executions(runtime, outputs.stateMachineArn);
    const running = all.filter(({ status }) => status === 'RUNNING');
    const inputs = await Promise.all(running.map(({ executionArn }) => inputOf(runtime, executionArn)));
    return inputs.some((input) => input.includes(deliveryId));
  };
  return async (deliveryId, count = 1) => {
    // Every input holds an empty text: without this, another delivery's outcome would be looked at.
    if (deliveryId === '') throw new Error('no delivery came of what was done: there is no id to ask for');
    const found = () =>
      [...known.values()].flatMap(({ ended, text }) => (text.includes(deliveryId) ? ended : []));
    if (count > 0 && found().length >= count) return found();
    for (;;) {
      await read();
      if (found().length >= count && (count > 0 || !(await isRunning(deliveryId)))) return found();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}

const listSchema = z.object({
  executions: z.array(z.looseObject({ executionArn: z.string(), status: z.string() })),
  nextToken: z.string().nullish(),
});
type Listed = z.infer<typeof listSchema>['executions'];

// By the runtime's own door, for it is asked often: what AWS's SDK makes of its answers, test/local/states is about.
async function executions(runtime: Runtime, stateMachineArn: string): Promise<Listed> {
  const found: Listed = [];
  let nextToken: string | undefined;
  do {
    const input = { stateMachineArn, ...(nextToken && { nextToken }) };
    const page = listSchema.parse(await runtime.call('states', 'ListExecutions', input));
    found.push(...page.executions);
    nextToken = page.nextToken ?? undefined;
  } while (nextToken);
  return found;
}

const describedSchema = z.looseObject({
  status: z.string(),
  input: z.string().default('null'),
  output: z.string().nullish(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
});
const historySchema = z.object({
  events: z.array(z.looseObject({ stateEnteredEventDetails: z.looseObject({ name: z.string() }).nullish() })),
});

const inputOf = async (runtime: Runtime, executionArn: string): Promise<string> =>
  describedSchema.parse(await runtime.call('states', 'DescribeExecution', { executionArn })).input;

async function summary(runtime: Runtime, executionArn: string): Promise<Ended> {
  const described = await runtime.call('states', 'DescribeExecution', { executionArn });
  const { status, input, output, error, cause } = describedSchema.parse(described);
  const history = await runtime.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
  const states = historySchema
    .parse(history)
    .events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  return {
    executionArn,
    status,
    outcome: states.at(-1) ?? '',
    states,
    input: JSON.parse(input),
    output: JSON.parse(output ?? 'null'),
    error: error ?? undefined,
    cause: cause ?? undefined,
  };
}
