import { FilterLogEventsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import type { Step } from './history.ts';

/** One line of a log. */
export interface LogLine {
  /** ISO time */
  readonly at: string;
  readonly text: string;
}

/** The log lines of a step's function or build, oldest first; none for a step that runs neither. */
export function logsOf(connection: Connection, executionArn: string, step: Step): Promise<LogLine[]> {
  const { build, functionName } = step;
  if (build?.logGroup && build.logStream) return buildLog(connection, build.logGroup, build.logStream);
  if (functionName) return functionLog(connection, functionName, executionArn, step);
  return Promise.resolve([]);
}

async function buildLog(
  { logs }: Connection,
  logGroupName: string,
  logStreamName: string,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page = await logs.send(
      new GetLogEventsCommand({
        logGroupName,
        logStreamName,
        startFromHead: true,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    lines.push(...(page.events ?? []).map(lineOf));
    // The last page gives the token of its own request.
    if (!page.nextForwardToken || page.nextForwardToken === nextToken) return lines;
    nextToken = page.nextForwardToken;
  }
}

// The input that a rule's target and the Pipe make of an event. Only the first state gets it.
const originSchema = z.object({ rule: z.string(), eventId: z.string() });
const firstSchema = z.union([originSchema, z.tuple([originSchema]).transform(([origin]) => origin)]);

interface Search {
  /** every line of the execution contains this text */
  readonly text: string;
  /** which of the lines with that text belong to the execution */
  matches(line: string): boolean;
}

/**
 * How the lines of one execution are found among those of many: each line carries the execution's ARN. The first state
 * does not know the ARN, so its lines carry the event and the rule.
 */
function searchOf(executionArn: string, { input = 'null' }: Step): Search {
  const first = firstSchema.safeParse(JSON.parse(input));
  if (!first.success) return { text: executionArn, matches: () => true };
  const { eventId, rule } = first.data;
  return { text: eventId, matches: (line) => line.includes(`"rule":${JSON.stringify(rule)}`) };
}

async function functionLog(
  { logs, lambda }: Connection,
  FunctionName: string,
  executionArn: string,
  step: Step,
): Promise<LogLine[]> {
  const { startedAt, endedAt } = step;
  const { text, matches } = searchOf(executionArn, step);
  const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
        filterPattern: `"${text}"`,
        startTime: Date.parse(startedAt) - 1000,
        ...(endedAt ? { endTime: Date.parse(endedAt) + 10_000 } : {}),
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    lines.push(...(page.events ?? []).map(lineOf));
    nextToken = page.nextToken;
  } while (nextToken);
  return lines.filter((line) => matches(line.text));
}

function lineOf({
  timestamp,
  message,
}: {
  timestamp?: number | undefined;
  message?: string | undefined;
}): LogLine {
  return { at: new Date(timestamp ?? 0).toISOString(), text: (message ?? '').trimEnd() };
}
