/** The result of a check of one part of a deployment. */
export type Result = 'ok' | 'warning' | 'failed' | 'not checked';

/** The finding of a check of one part of a deployment. */
export interface Finding {
  readonly name: string;
  readonly result: Result;
  /** the finding in words; for `not checked`, the reason */
  readonly message: string;
  /** the operator's next step */
  readonly advice?: string;
}

/** The finding of a check, without the check's name. */
export type CheckResult = Omit<Finding, 'name'>;

export const ok = (message: string): CheckResult => ({ result: 'ok', message });
export const notChecked = (message: string): CheckResult => ({ result: 'not checked', message });
export const warning = (message: string, advice: string): CheckResult => ({
  result: 'warning',
  message,
  advice,
});
export const failed = (message: string, advice: string): CheckResult => ({
  result: 'failed',
  message,
  advice,
});

/** Runs a check and gives the finding its name. A check whose calls are denied, or go to a service that the endpoint has not, counts as not made; every other error is a failure. */
export async function findingOf(
  name: string,
  check: () => CheckResult | Promise<CheckResult>,
): Promise<Finding> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, ...(isUnanswered(error) ? notChecked(message) : failed(message, 'see the error')) };
  }
}

const NOT_IMPLEMENTED = 501;

function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = Object.assign({ $metadata: { httpStatusCode: 0 } }, error);
  return (
    /AccessDenied|NotAuthorized|Unauthorized/.test(error.name) || $metadata.httpStatusCode === NOT_IMPLEMENTED
  );
}
