import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

/** Calls an operation of the runtime. */
export type CallService = (service: string, operation: string, input: unknown) => Promise<unknown>;

/** One state of the machine that an execution has entered. */
export interface Step {
  readonly name: string;
  readonly startedAt: number;
  /** undefined while it runs */
  readonly endedAt?: number;
  /** the state was left by a failure, caught or not */
  readonly failed?: boolean;
}

const eventSchema = z.looseObject({
  id: z.number(),
  type: z.string(),
  timestamp: z.number(),
  stateEnteredEventDetails: z.looseObject({ name: z.string() }).optional(),
});
const historySchema = z.looseObject({ events: z.array(eventSchema), nextToken: z.string().optional() });
const executionSchema = z.looseObject({
  status: z.string(),
  error: z.string().optional(),
  cause: z.string().optional(),
});

export interface EndedExecution {
  readonly status: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly steps: readonly Step[];
}

// This pause is short enough to look live, and long enough to cost nothing.
const POLL_MS = 40;

/**
 * Follows an execution to its end.
 * @param show called with all steps so far, whenever something may have changed
 */
export async function followExecution(
  call: CallService,
  executionArn: string,
  show: (steps: readonly Step[]) => void,
): Promise<EndedExecution> {
  for (;;) {
    const { status, error, cause } = executionSchema.parse(
      await call('states', 'DescribeExecution', { executionArn }),
    );
    const steps = stepsOf(await historyOf(call, executionArn));
    show(steps);
    if (status !== 'RUNNING') return { status, error, cause, steps };
    await wait(POLL_MS);
  }
}

type HistoryEvent = z.infer<typeof eventSchema>;

async function historyOf(call: CallService, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = historySchema.parse(
      await call('states', 'GetExecutionHistory', { executionArn, nextToken, maxResults: 1000 }),
    );
    events.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

function stepsOf(events: readonly HistoryEvent[]): Step[] {
  const steps: Step[] = [];
  let failed = false;
  for (const { type, timestamp, stateEnteredEventDetails } of events) {
    if (type.endsWith('StateEntered')) {
      steps.push({ name: stateEnteredEventDetails?.name ?? '', startedAt: timestamp * 1000 });
      failed = false;
    }
    failed ||= type.endsWith('Failed') || type.endsWith('TimedOut');
    if (/State(Exited|Failed)$|^Execution(Failed|Aborted|TimedOut|Succeeded)$/.test(type)) {
      const last = steps.pop();
      if (last)
        steps.push({ ...last, endedAt: last.endedAt ?? timestamp * 1000, failed: last.failed ?? failed });
    }
  }
  return steps;
}
