import type { DeliveryDetail } from '../../operate/deliveries/delivery.ts';
import type { Step } from '../../operate/deliveries/history.ts';
import { duration, messageOf, shortRef, size } from '../../operate/format.ts';
import { mark } from '../print.ts';

/** A delivery for the terminal: what it is, the path it took, what it made. */
export function drawDelivery({ row, execution, steps }: DeliveryDetail, bucket: string): string {
  const facts: [string, string][] = [
    ['delivery', row.deliveryId],
    ['event', `${row.event} from ${row.host}`],
    ['repository', row.repository],
    ['ref', shortRef(row.ref)],
    ['commit', row.commit],
    ['rule', row.rule],
    ['replay', row.replayName],
    ['outcome', row.outcome || execution.status.toLowerCase()],
    ['error', execution.error ? `${execution.error}: ${messageOf(execution.cause ?? '')}` : ''],
    ['artifact', row.artifactKey && `s3://${bucket}/${row.artifactKey} (${size(row.bytes)})`],
    ['pipeline', row.pipeline && `${row.pipeline} ${row.pipelineExecutionId}`],
    ['commit status', row.statusReason ? `${row.status}: ${row.statusReason}` : row.status],
    ['execution', row.executionArn],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(14)}${value}`);
  return [...lines, '', ...path(steps)].join('\n');
}

function path(steps: readonly Step[]): string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps.flatMap((step, index) => {
    const line = `  ${mark(step.status)} ${step.name.padEnd(width)}  ${took(step)}${note(step)}`;
    return index === 0 ? [line] : ['  │', line];
  });
}

function took({ startedAt, endedAt }: Step): string {
  return duration(Date.parse(endedAt ?? new Date().toISOString()) - Date.parse(startedAt));
}

function note({ attempts, error, status }: Step): string {
  const tries = attempts > 1 ? `  ${attempts} attempts` : '';
  return error && status !== 'succeeded' ? `${tries}  ${error.name}` : tries;
}
