import { executionPage } from '../../events/aws-console.ts';
import { asksForChecks } from '../../events/check-runs.ts';
import { codeBlock } from '../../events/markdown.ts';
import type { PipelineStatus } from '../../events/pipeline-status.ts';
import type { StatusState } from '../../events/provider.ts';
import { DELIVERY_ENDED } from '../../events/result-event.ts';
import { STATUS_RETRIES } from '../../statemachine/commit-statuses.ts';
import { errors } from '../../statemachine/errors.ts';
import { FAILURES, outcomes, PENDING } from '../../statemachine/outcomes.ts';
import type { Reported } from '../../statemachine/payloads.ts';
import {
  type StatusWriter,
  statusContext,
  statusWriter,
  type ToldStatus,
  untold,
} from '../shared/commit-status.ts';
import { recordDelivery } from '../shared/pipeline-run.ts';
import { RUNS } from '../shared/pipeline-status.ts';
import { putResult } from '../shared/put-result.ts';
import { tellDeliveries } from '../shared/tell-deliveries.ts';
import { messageOf } from '../shared/thrown.ts';
import { type BuiltBy, builtBy } from './built-by.ts';
import type { Report } from './input.ts';
import { recordOutcome } from './record.ts';

// What the commit's page says where no pipeline says more. An outcome that is not here says nothing of the commit.
export const STATUSES: Readonly<Record<string, readonly [StatusState, string]>> = {
  [PENDING]: ['pending', 'Hookline pulls the commit'],
  [outcomes.ignored]: ['success', 'Nothing to build'],
  [outcomes.unchanged]: ['success', 'It was built before: nothing is started again'],
  [outcomes.superseded]: ['success', 'A newer push takes the pipeline'],
  [outcomes.refGone]: ['success', 'The ref is gone: there is nothing to pull'],
  [outcomes.published]: ['success', 'The artifact is in S3'],
  [outcomes.pipelineStarted]: RUNS,
};

/** The errors of outcomes that are no failure: the record holds why. */
const NAMED = [errors.commitNotOnRef, errors.notApproved];

const RUNNING: PipelineStatus = 'InProgress';

/**
 * Records an outcome in the delivery's record and, where the rule says so, on the commit's page. Throws `HostUnreachable` where
 * the host may take the last status of the commit later, so that the machine calls again; in the end, the delivery ends without it.
 */
export async function report({ retries = STATUS_RETRIES, ...reported }: Report): Promise<Reported> {
  const { outcome, state } = reported;
  const isNamed =
    FAILURES.some((name) => name === outcome) || NAMED.some((name) => name === state.error?.Error);
  const failure = isNamed && state.error ? failureOf(state.error) : undefined;
  const built = await builtBy(reported);
  const write = statusWriter();
  const { later, ...written } = await writeOutcomeStatus(reported, { failure, built, write });
  const record = await recordOutcome(state.key, reported.executionArn, outcome, {
    // The commit of a request that was approved is known by now.
    commit: state.delivery.pullRequest?.head.commit,
    // An execution that was redriven has on record how it ended before.
    error: failure?.error ?? null,
    message: failure?.message ?? null,
    reason: (failure ? '' : reasonOf(outcome, state)) || undefined,
    artifactKey: state.pull?.key || undefined,
    versionId: state.pull?.versionId || undefined,
    bytes: state.pull?.bytes ? Number(state.pull.bytes) : undefined,
    pipeline: built?.name,
    pipelineExecutionId: built?.executionId,
    // Until CodePipeline has told of more, which may be before this.
    pipelineStatus: built?.status && RUNNING,
    status: written.status,
    statusContext: written.status === 'off' ? undefined : statusContext(state),
    statusKind: written.status !== 'off' && asksForChecks(state.rule) ? 'check' : undefined,
    statusReason: written.reason || null,
  });
  const isLast = retries >= STATUS_RETRIES;
  if (record && later && !isLast) throw untold(written.reason);
  if (record && outcome !== PENDING) await putResult(DELIVERY_ENDED, record);
  const untaken = record && built && (await tellEnd(built.executionId, state.key, write));
  if (untaken && !isLast) throw untold(untaken);
  return { ...written, error: failure?.error ?? '', message: failure?.message ?? '' };
}

/** The pipeline may have ended by now, and nobody has told this delivery. */
const tellEnd = async (executionId: string, key: string, write: StatusWriter): Promise<string> =>
  tellDeliveries(executionId, await recordDelivery(executionId, key), write);

/** Why the rule did not take it, or what git has decided of the rule's filter. */
const reasonOf = (outcome: string, { pull, reason }: Report['state']): string =>
  pull?.reason || (outcome === outcomes.ignored ? reason : '');

/** An error as a failed outcome shows it. */
interface Failure {
  readonly error: string;
  readonly message: string;
}

/** What a step threw, or what Diagnose has made of a build that failed. */
const failureOf = ({ Error: error, Cause: cause }: NonNullable<Report['state']['error']>): Failure => ({
  error,
  message: messageOf(cause),
});

/** Of what the rule ignores, only what the pull has decided was announced as pending before. */
function plainStatus(outcome: string, { pull }: Report['state']): readonly [StatusState, string] | undefined {
  const known = STATUSES[outcome];
  if (outcome !== outcomes.ignored || !known) return known;
  return pull?.reason ? [known[0], `${known[1]}: ${pull.reason}`] : undefined;
}

interface Told {
  readonly failure: Failure | undefined;
  readonly built: BuiltBy | undefined;
  readonly write: StatusWriter;
}

async function writeOutcomeStatus(
  { outcome, executionArn, state }: Report,
  { failure, built, write }: Told,
): Promise<Pick<Reported, 'status' | 'reason'> & Pick<ToldStatus, 'later'>> {
  const { delivery, rule } = state;
  // The commit that a tag object names, once the pull has found it out.
  // Of a request it is the head: nobody looks at the page of its merge.
  const commit = delivery.pullRequest?.head.commit ?? (state.pull?.commit || delivery.commit);
  const known = failure
    ? (['failure', `${failure.error}: ${failure.message}`] as const)
    : (built?.status ?? plainStatus(outcome, state));
  // Nothing is to be seen on a fork's commit of what was not approved.
  if (failure?.error === errors.notApproved) return { status: 'off', reason: '' };
  if (!rule.status || !delivery.repository || !commit || !known) return { status: 'off', reason: '' };
  const [wanted, description] = known;
  const { later, ...written } = await write(delivery.host, {
    repository: delivery.repository.fullName,
    commit,
    state: wanted,
    description,
    context: statusContext(state),
    targetUrl: built?.url ?? executionPage(executionArn),
    check: asksForChecks(rule),
    summary: failure ? `${failure.error}\n\n${codeBlock(failure.message)}` : built?.summary,
  });
  // After a pending one, another comes.
  return wanted === 'pending' ? written : { ...written, later };
}
