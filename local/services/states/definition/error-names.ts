import { invalidDefinition } from './invalid.ts';

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
const RESERVED = new Set([
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
]);

/** Whether the retriers, or the catchers, of a state name errors as AWS takes them. @throws AwsError InvalidDefinition */
export function checkErrorNames(
  state: string,
  handlers: readonly { readonly ErrorEquals: readonly string[] }[],
): void {
  for (const [index, { ErrorEquals }] of handlers.entries()) {
    const unknown = ErrorEquals.find((name) => name.startsWith('States.') && !RESERVED.has(name));
    if (unknown) throw invalidDefinition(`${state} names the error ${unknown}, which does not exist`);
    const all = ErrorEquals.includes('States.ALL');
    if (all && (ErrorEquals.length > 1 || index < handlers.length - 1))
      throw invalidDefinition(`${state} names States.ALL beside or before others: it stands alone, and last`);
  }
}
