/** How a look at one part of a deployment ended. */
export type Result = 'ok' | 'warning' | 'failed' | 'not checked';

/** What a look at one part of a deployment found. */
export interface Finding {
  readonly name: string;
  readonly result: Result;
  /** what was found; for `not checked`, why not */
  readonly message: string;
  /** what to do about it */
  readonly advice?: string;
}

/** A look that ended, as yet without its name. */
export type Seen = Omit<Finding, 'name'>;

export const ok = (message: string): Seen => ({ result: 'ok', message });
export const notChecked = (message: string): Seen => ({ result: 'not checked', message });
export const warning = (message: string, advice: string): Seen => ({ result: 'warning', message, advice });
export const failed = (message: string, advice: string): Seen => ({ result: 'failed', message, advice });

/** A look by name; what may not be looked at is not checked, and every other error is a failure. */
export async function look(name: string, at: () => Seen | Promise<Seen>): Promise<Finding> {
  try {
    return { name, ...(await at()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, ...(isDenied(error) ? notChecked(message) : failed(message, 'see the error')) };
  }
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && /AccessDenied|NotAuthorized|Unauthorized/.test(error.name);
