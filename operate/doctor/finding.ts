/** How the check of one part of a deployment ended. */
export type Result = 'ok' | 'warning' | 'failed' | 'not checked';

/** What the check of one part of a deployment found. */
export interface Finding {
  readonly name: string;
  readonly result: Result;
  /** what was found; for `not checked`, why not */
  readonly message: string;
  /** what to do about it */
  readonly advice?: string;
}

/** What a check found, without the check's name. */
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

/** Runs a check and gives the finding its name. A check whose calls are denied counts as not made; every other error is a failure. */
export async function findingOf(
  name: string,
  check: () => CheckResult | Promise<CheckResult>,
): Promise<Finding> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, ...(isDenied(error) ? notChecked(message) : failed(message, 'see the error')) };
  }
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && /AccessDenied|NotAuthorized|Unauthorized/.test(error.name);
