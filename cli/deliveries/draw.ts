import { failureWords } from '../../events/failed-action.ts';
import type { DeliveryDetail } from '../../operate/deliveries/delivery.ts';
import type { Step } from '../../operate/deliveries/history.ts';
import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import { nextStepOf } from '../../operate/deliveries/next-step.ts';
import {
  duration,
  executionMs,
  messageOf,
  messageParts,
  pipelineWord,
  shortRef,
  size,
} from '../../operate/format.ts';
import type { Explanation } from '../../operate/rules/explain.ts';
import { columns, mark } from '../print.ts';

/**
 * A delivery for the terminal: its outcome and error, its facts, its path, its other runs, and the next step.
 * @param target the options that name the deployment, as they are typed behind a command
 */
export function drawDelivery(
  { row, execution, steps }: DeliveryDetail,
  {
    bucket,
    target,
    runs,
  }: { readonly bucket: string; readonly target: string; readonly runs: readonly DeliveryRow[] },
): string {
  const ended = row.outcome || (execution.status === 'RUNNING' ? '' : execution.status.toLowerCase());
  const [name, message] =
    row.error && row.message
      ? [row.error, row.message]
      : [execution.error ?? '', messageOf(execution.cause ?? '')];
  const { sentence, details } = messageParts(message);
  const cause: Fact[] = [
    ['outcome', ended || 'running'],
    ['error', [name, sentence].filter((part) => part !== '').join(': ')],
    ['reason', row.reason],
  ];
  const facts: Fact[] = [
    ['delivery', row.deliveryId],
    ['event', `${row.event} from ${row.host}`],
    ['repository', row.repository],
    ['ref', shortRef(row.ref)],
    ['commit', row.commit],
    ['pull request', row.pullRequest ? `#${row.pullRequest}` : ''],
    ['rule', row.rule],
    ['replay', row.replayName],
    ['received', utc(row.firstReceivedAt || row.receivedAt)],
    ['took', duration(executionMs(row, execution, Date.now()))],
    ['artifact', row.artifactKey && `s3://${bucket}/${row.artifactKey} (${size(row.bytes)})`],
    ['pipeline', row.pipeline && `${row.pipeline} ${row.pipelineExecutionId}`],
    ['', pipelineResult(row)],
    ['', failedAction(row)],
    ['commit status', row.statusReason ? `${row.status}: ${row.statusReason}` : row.status],
    ['execution', row.executionArn],
    ['seen in', details.replaceAll('\n', '\n'.padEnd(15))],
  ];
  const next = nextStepLines(row, target);
  return [
    ...factLines(cause),
    ...(next.length > 0 ? [...next, ''] : []),
    ...factLines(facts),
    '',
    ...pathLines(steps),
    ...otherRuns(row, runs),
  ].join('\n');
}

type Fact = readonly [name: string, value: string];

/** A line for each fact that there is. */
export const factLines = (facts: readonly Fact[]): string[] =>
  facts.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(14)}${value}`);

/** What else the delivery has run for: other rules, and each time that it was redelivered or replayed. */
function otherRuns({ id }: DeliveryRow, runs: readonly DeliveryRow[]): string[] {
  const others = runs.filter((run) => run.id !== id);
  if (others.length === 0) return [];
  const cells = others.map(({ claimedAt, updatedAt, outcome, rule, replayName, executionArn }) => [
    utc(claimedAt || updatedAt),
    outcome || 'running',
    rule,
    replayName,
    executionArn,
  ]);
  return ['', 'Other runs of this delivery:', ...columns(cells).map((line) => `  ${line}`)];
}

const utc = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`;

const failedAction = (row: DeliveryRow): string =>
  failureWords({
    stage: row.pipelineFailedStage,
    action: row.pipelineFailedAction,
    message: row.pipelineMessage,
  });

function pipelineResult({ pipelineStatus, pipelineEndedAt }: DeliveryRow): string {
  return `${pipelineWord(pipelineStatus)}${pipelineEndedAt && ` ${utc(pipelineEndedAt)}`}`;
}

/** The next step in words, and its commands. @param explanations of one that no rule took */
export function nextStepLines(
  row: DeliveryRow,
  target: string,
  explanations: readonly Explanation[] = [],
): string[] {
  const step = nextStepOf(row, explanations);
  return step
    ? ['', `Next: ${step.words}`, ...step.commands.map((each) => `  ${each}${isLocal(each) ? '' : target}`)]
    : [];
}

/** Writes a file here, whatever the deployment. */
const isLocal = (command: string): boolean => command.startsWith('hookline rules new ');

function pathLines(steps: readonly Step[]): string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps.flatMap((step, index) => {
    const line = `  ${mark(step.status)} ${step.name.padEnd(width)}  ${durationText(step)}${attemptsAndError(step)}`;
    return index === 0 ? [line] : ['  │', line];
  });
}

function durationText({ startedAt, endedAt }: Pick<Step, 'startedAt' | 'endedAt'>): string {
  return duration(Date.parse(endedAt ?? new Date().toISOString()) - Date.parse(startedAt));
}

function attemptsAndError({ attempts, error, status }: Step): string {
  const tries = attempts > 1 ? `  ${attempts} attempts` : '';
  return error && status !== 'succeeded' ? `${tries}  ${error.name}` : tries;
}
