import * as z from 'zod';
import type { StatusState } from '../../events/provider.ts';
import { errors } from '../../statemachine/errors.ts';
import { FAILURES, outcomes, PENDING } from '../../statemachine/outcomes.ts';
import { pullResultSchema, type Reported, stateSchema } from '../../statemachine/payloads.ts';
import { executionUrl, statusContext, writeStatus } from '../shared/commit-status.ts';
import { messageOf } from '../shared/thrown.ts';
import { recordOutcome } from './record.ts';

const text = z.string().default('');

export const reportSchema = z.object({
  outcome: z.string(),
  executionArn: z.string(),
  state: stateSchema.extend({
    pull: pullResultSchema
      .pick({ commit: true, key: true, versionId: true, bytes: true })
      .partial()
      .optional(),
    pipeline: z.object({ name: text, executionId: text }).optional(),
    error: z.object({ Error: z.string(), Cause: z.string().default('') }).optional(),
  }),
});

export type Report = z.infer<typeof reportSchema>;

// What the commit's page says. An outcome that is not here says nothing of the commit.
export const STATUSES: Readonly<Record<string, [StatusState, string]>> = {
  [PENDING]: ['pending', 'Hookline pulls the commit'],
  [outcomes.unchanged]: ['success', 'The commit was built before: nothing is started again'],
  [outcomes.superseded]: ['success', 'A newer push takes the pipeline'],
  [outcomes.refGone]: ['success', 'The ref is gone: there is nothing to pull'],
  [outcomes.published]: ['success', 'The artifact is in S3'],
  [outcomes.pipelineStarted]: ['success', 'The pipeline is started'],
};

/** Records an outcome in the delivery's record and, where the rule says so, on the commit's page. */
export async function report({ outcome, executionArn, state }: Report): Promise<Reported> {
  const isNamed = FAILURES.some((name) => name === outcome) || state.error?.Error === errors.commitNotOnRef;
  const failure = isNamed && state.error ? failureOf(state.error) : undefined;
  const written = await writeOutcomeStatus({ outcome, executionArn, state }, failure);
  await recordOutcome(state.key, executionArn, outcome, {
    error: failure?.error,
    message: failure?.message,
    artifactKey: state.pull?.key || undefined,
    versionId: state.pull?.versionId || undefined,
    bytes: state.pull?.bytes ? Number(state.pull.bytes) : undefined,
    pipeline: state.pipeline?.name,
    pipelineExecutionId: state.pipeline?.executionId,
    status: written.status,
    statusReason: written.reason || undefined,
  });
  return { ...written, error: failure?.error ?? '', message: failure?.message ?? '' };
}

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

async function writeOutcomeStatus(
  { outcome, executionArn, state }: Report,
  failure: Failure | undefined,
): Promise<Pick<Reported, 'status' | 'reason'>> {
  const { delivery, rule } = state;
  // The commit that a tag object names, once the pull has found it out.
  const commit = state.pull?.commit || delivery.commit;
  const known = failure ? (['failure', `${failure.error}: ${failure.message}`] as const) : STATUSES[outcome];
  if (!rule.status || !delivery.repository || !commit || !known) return { status: 'off', reason: '' };
  const [wanted, description] = known;
  return writeStatus(delivery.host, {
    repository: delivery.repository.fullName,
    commit,
    state: wanted,
    description,
    context: statusContext(rule.name),
    targetUrl: executionUrl(executionArn),
  });
}
