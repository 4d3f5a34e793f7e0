import * as z from 'zod';
import { executionPage } from '../../events/aws-console.ts';
import { DELIVERY_ENDED } from '../../events/result-event.ts';
import { outcomes, PENDING } from '../../statemachine/outcomes.ts';
import { usualContext, writeStatus } from '../shared/commit-status.ts';
import { putResult } from '../shared/put-result.ts';
import { type EndedExecution, endedExecution } from './execution.ts';
import { createFailedRecord, finishRecord, type HeldRecord, readRecord } from './record.ts';

/** What Step Functions puts on the account's default bus, as far as it is read. */
export const endSchema = z.object({ detail: z.object({ executionArn: z.string() }) });

/** What was done: nothing for a delivery whose outcome is on record, or is another execution's by now. */
export interface EndRecorded {
  readonly outcome: string;
}

/**
 * Records how an execution ended that nothing else has recorded (I11): one that failed outside of the machine's own
 * outcomes, timed out, or was stopped. A pending commit status becomes a failure. Told twice, it changes nothing.
 */
export async function recordEnd({ detail }: z.infer<typeof endSchema>): Promise<EndRecorded> {
  const ended = await endedExecution(detail.executionArn);
  // Anybody may send what is not signed: of that only the execution is kept.
  if (!ended || ended.refused) return { outcome: '' };
  const record = await readRecord(ended.delivery.key);
  const written = record ? await finishClaimed(ended, record) : await createFailedRecord(ended);
  if (written) await putResult(DELIVERY_ENDED, written);
  return { outcome: written ? ended.outcome : '' };
}

async function finishClaimed(ended: EndedExecution, record: HeldRecord) {
  const open = record.outcome === '' || record.outcome === PENDING;
  if (record.executionArn !== ended.arn || !open) return undefined;
  return finishRecord(ended, await failCommitStatus(ended, record));
}

/** The status that the pull has announced itself by would stay pending for ever. */
async function failCommitStatus(ended: EndedExecution, record: HeldRecord) {
  const { repository, commit, rule, host } = record;
  const context = record.statusContext || usualContext(rule);
  if (record.status !== 'written' || repository === '' || commit === '') return undefined;
  return writeStatus(host, {
    repository,
    commit,
    state: 'failure',
    description: statusDescription(ended),
    context,
    targetUrl: executionPage(ended.arn),
    check: record.statusKind === 'check',
  });
}

function statusDescription({ outcome, error, message }: EndedExecution): string {
  if (outcome === outcomes.stopped) return 'Hookline was told to stop this delivery';
  if (outcome === outcomes.timedOut) return 'Hookline did not come to an end with this delivery in time';
  return message === '' ? error : `${error}: ${message}`;
}
