import * as z from 'zod';
import { FILTERS } from './filters.ts';
import { isWanted, outcomesOf } from './outcome-filter.ts';

export { FILTERS } from './filters.ts';

export const rowSchema = z.object({
  /** the idempotency key: one delivery for one rule and one replay; for one that was never claimed, its execution's ARN */
  id: z.string(),
  /** the execution that holds the delivery */
  executionArn: z.string(),
  rule: z.string(),
  host: z.string(),
  repository: z.string().default(''),
  ref: z.string().default(''),
  commit: z.string().default(''),
  /** the number of the pull request that the delivery is about */
  pullRequest: z.number().optional(),
  event: z.string(),
  /** the git host's id of the delivery */
  deliveryId: z.string(),
  /** `''` for a delivery that came from its host */
  replayName: z.string().default(''),
  /** ISO time at which it came; of a replay and a redelivery, at which that run began */
  receivedAt: z.string(),
  /** of a replay and a redelivery, the ISO time at which the delivery came first; `''` for every other */
  firstReceivedAt: z.string().default(''),
  /** `''` or `Pending` while it runs */
  outcome: z.string().default(''),
  /** ISO time at which the execution took the delivery; `''` where that was not kept */
  claimedAt: z.string().default(''),
  /** ISO time of the outcome, or of the claim while it runs */
  updatedAt: z.string(),
  /** of a failed delivery: the error's name, and what it says */
  error: z.string().default(''),
  message: z.string().default(''),
  /** why the rule did not take it, or what git has decided of the rule's filter */
  reason: z.string().default(''),
  /** the artifact in the bucket, when there is one */
  artifactKey: z.string().default(''),
  versionId: z.string().default(''),
  bytes: z.number().default(0),
  /** the pipeline that was started, and its execution */
  pipeline: z.string().default(''),
  pipelineExecutionId: z.string().default(''),
  /** what has become of it, in CodePipeline's words: `InProgress`, `Succeeded`, …; `''` for one that no record tells of */
  pipelineStatus: z.string().default(''),
  /** ISO time, `''` while it runs */
  pipelineEndedAt: z.string().default(''),
  /** of one that failed, the stage and the action that did, and the first line of what the action says */
  pipelineFailedStage: z.string().default(''),
  pipelineFailedAction: z.string().default(''),
  pipelineMessage: z.string().default(''),
  /** what became of the commit status, and why it was refused */
  status: z.string().default(''),
  statusReason: z.string().default(''),
  /** whether Hookline knows it to be its host's; false where nobody has checked the signature, or no record says so */
  verified: z.boolean().default(true),
});

/** A line of the list of deliveries. */
export type DeliveryRow = z.infer<typeof rowSchema>;

/** The ISO time of a delivery's event, however often the delivery has run since. */
export const eventTimeOf = ({ firstReceivedAt, receivedAt }: DeliveryRow): string =>
  firstReceivedAt || receivedAt;

/**
 * The values that a row must have: a value, `beginning*` or `*part*`. outcome-filter.ts reads the filter by outcome, in
 * which `''` stands for running deliveries.
 */
export type DeliveryFilter = Partial<Record<(typeof FILTERS)[number], string>>;

/** Whether a row that is not in the table passes a filter, as the table's query decides it. */
export function passes(row: DeliveryRow, filter: DeliveryFilter): boolean {
  return FILTERS.every((name) => {
    const wanted = filter[name];
    if (wanted === undefined) return true;
    if (name === 'outcome') return isWanted(outcomesOf(wanted), row.outcome);
    return name === 'repository' ? isNamed(row, wanted) : fits(row[name], wanted);
  });
}

/** Whether a repository's name fits a filter. A host knows a name in any case, so nobody has to know which. */
export const isNamed = ({ repository }: Pick<DeliveryRow, 'repository'>, wanted: string): boolean =>
  fits(repository.toLowerCase(), wanted.toLowerCase());

function fits(value: string, wanted: string): boolean {
  const { how, text } = patternOf(wanted);
  return FITS[how](value, text);
}

/** The comparisons of a value with a text. */
export type Comparison = 'equal' | 'begins' | 'contains';

const FITS: Readonly<Record<Comparison, (value: string, text: string) => boolean>> = {
  equal: (value, text) => value === text,
  begins: (value, text) => value.startsWith(text),
  contains: (value, text) => value.includes(text),
};

/** The comparison that the stars of a filter's value stand for. */
export function patternOf(value: string): { readonly how: Comparison; readonly text: string } {
  if (!value.endsWith('*')) return { how: 'equal', text: value };
  return value.startsWith('*') && value.length > 1
    ? { how: 'contains', text: value.slice(1, -1) }
    : { how: 'begins', text: value.slice(0, -1) };
}
