import * as z from 'zod';
import { executionPage } from '../../events/aws-console.ts';
import { DELIVERY_ENDED } from '../../events/result-event.ts';
import { outcomes, PENDING, UNREPORTED } from '../../statemachine/outcomes.ts';
import { type ToldStatus, untold, usualContext, writeStatus } from '../shared/commit-status.ts';
import { putResult } from '../shared/put-result.ts';
import { type EndedExecution, endedExecution } from './execution.ts';
import { createFailedRecord, finishRecord, type HeldRecord, readRecord } from './record.ts';

/** What Step Functions puts on the account's default bus, as far as it is read. */
export const endSchema = z.object({ detail: z.object({ executionArn: z.string() }) });

/** What was done: nothing for a delivery whose outcome was reported, or is another execution's by now. */
export interface EndRecorded {
  readonly outcome: string;
}

/**
 * Records how an execution ended that nothing else has recorded (I11): one that failed outside of the machine's own
 * outcomes, timed out, or was stopped. A pending commit status becomes a failure. Told twice, it does all of it again, as the bus
 * may not have taken the event; an execution that was redriven may end in another way. Throws `HostUnreachable` where all is on
 * record but the host takes the status only later: Lambda calls again.
 */
export async function recordEnd({ detail }: z.infer<typeof endSchema>): Promise<EndRecorded> {
  const ended = await endedExecution(detail.executionArn);
  // Anybody may send what is not signed: of that only the execution is kept.
  if (!ended || ended.refused) return { outcome: '' };
  const record = await readRecord(ended.delivery.key);
  if (record && !isOpen(ended, record)) return { outcome: '' };
  const status = record && (await failCommitStatus(ended, record));
  const written = record ? await finishRecord(ended, status) : await createFailedRecord(ended);
  if (!written) return { outcome: '' };
  // Who listens takes the names for the host's, which nobody has checked.
  if (written.verified !== false) await putResult(DELIVERY_ENDED, written);
  if (status?.later) throw untold(status.reason);
  return { outcome: ended.outcome };
}

/** Whether the record is this execution's, and has no outcome that was reported. */
const isOpen = ({ arn }: EndedExecution, { executionArn, outcome }: HeldRecord): boolean =>
  executionArn === arn && ['', PENDING, ...UNREPORTED].includes(outcome);

/** The status that the pull has announced itself by would stay pending for ever. */
async function failCommitStatus(ended: EndedExecution, record: HeldRecord): Promise<ToldStatus | undefined> {
  const { repository, commit, rule, host } = record;
  const context = record.statusContext || usualContext(rule);
  // One that the host has refused was of the call before where the end is on record.
  const isToldAgain = record.status === 'refused' && UNREPORTED.some((end) => end === record.outcome);
  const isPending = record.status === 'written' || isToldAgain;
  if (!isPending || repository === '' || commit === '') return undefined;
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
