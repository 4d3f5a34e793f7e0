import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection/connection.ts';

/** One time that an execution was in a state. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'caught' | 'stopped';
  /** ISO times */
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  /** JSON texts, as Step Functions keeps them */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly error?: { readonly name: string; readonly cause: string } | undefined;
  /** how often the task was tried, 1 when the first attempt succeeded */
  readonly attempts: number;
  /** the function that the task called */
  readonly functionName?: string | undefined;
  /** the build that the task started */
  readonly build?: BuildReference | undefined;
}

export interface BuildReference {
  readonly id: string;
  readonly logGroup?: string | undefined;
  readonly logStream?: string | undefined;
}

/** One line of the event timeline. */
export interface TimelineEvent {
  readonly id: number;
  readonly type: string;
  readonly at: string;
  readonly state?: string | undefined;
}

/** The events of an execution, oldest first. */
export async function historyOf({ sfn }: Connection, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken ? { nextToken } : {}) }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

/** The timeline of an execution: every event with the state that it belongs to. */
export function timelineOf(events: readonly HistoryEvent[]): TimelineEvent[] {
  let state: string | undefined;
  return events.map(({ id = 0, type = '', timestamp, stateEnteredEventDetails }) => {
    state = stateEnteredEventDetails?.name ?? state;
    return { id, type, at: iso(timestamp), state: type.startsWith('Execution') ? undefined : state };
  });
}

type OpenStep = { -readonly [Member in keyof Step]: Step[Member] };

/** The states that an execution went through, in their order. */
export function stepsOf(events: readonly HistoryEvent[]): Step[] {
  const steps: OpenStep[] = [];
  for (const event of events) {
    const { type = '', timestamp, stateEnteredEventDetails: entered } = event;
    if (entered)
      steps.push({
        name: entered.name ?? '',
        type: type.replace('StateEntered', ''),
        status: 'running',
        startedAt: iso(timestamp),
        input: entered.input,
        attempts: 0,
      });
    else {
      const step = steps.at(-1);
      if (step) applyEvent(step, event);
    }
  }
  return steps.map((step) => ({ ...step, attempts: Math.max(1, step.attempts) }));
}

function applyEvent(step: OpenStep, event: HistoryEvent): void {
  const { type = '', timestamp, stateExitedEventDetails: exited } = event;
  if (type === 'ExecutionRedriven') {
    step.status = 'running';
    delete step.endedAt;
    delete step.error;
  }
  if (type === 'TaskScheduled') {
    step.attempts += 1;
    step.functionName = functionOf(event.taskScheduledEventDetails?.parameters) ?? step.functionName;
  }
  if (type === 'LambdaFunctionScheduled') {
    step.attempts += 1;
    step.functionName = event.lambdaFunctionScheduledEventDetails?.resource?.split(':').at(-1);
  }
  if (type === 'TaskSubmitted') step.build = buildOf(event.taskSubmittedEventDetails?.output) ?? step.build;
  const error = errorOf(event);
  if (error) step.error = error;
  if (exited) {
    step.status =
      step.error && step.attempts > 0 && !isRecovered(step, exited.output) ? 'caught' : 'succeeded';
    step.endedAt = iso(timestamp);
    step.output = exited.output;
  }
  const end = STATUS_AT_END[type];
  if (end && step.status === 'running') {
    step.status = end;
    step.endedAt = iso(timestamp);
  }
}

const STATUS_AT_END: Readonly<Record<string, Step['status']>> = {
  ExecutionFailed: 'failed',
  ExecutionTimedOut: 'failed',
  ExecutionAborted: 'stopped',
};

/** Whether a later attempt of a task succeeded: a caught error would stand in the output. */
function isRecovered(step: OpenStep, output: string | undefined): boolean {
  return step.error !== undefined && !(output ?? '').includes(JSON.stringify(step.error.name));
}

function errorOf(event: HistoryEvent): Step['error'] {
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.executionFailedEventDetails ??
    event.executionTimedOutEventDetails ??
    event.executionAbortedEventDetails;
  return details && { name: details.error ?? 'States.Runtime', cause: details.cause ?? '' };
}

function functionOf(parameters: string | undefined): string | undefined {
  const name = member(jsonOf(parameters), 'FunctionName');
  return typeof name === 'string' ? name.split(':').at(-1) : undefined;
}

function buildOf(output: string | undefined): BuildReference | undefined {
  const build = member(jsonOf(output), 'Build');
  const id = member(build, 'Id');
  if (typeof id !== 'string') return undefined;
  const logs = member(build, 'Logs');
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { id, logGroup: text(member(logs, 'GroupName')), logStream: text(member(logs, 'StreamName')) };
}

const jsonOf = (text: string | undefined): unknown => (text ? JSON.parse(text) : undefined);

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const iso = (time: Date | undefined): string => (time ?? new Date(0)).toISOString();
