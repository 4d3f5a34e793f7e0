/** The action by which a pipeline execution failed. */
export interface FailedAction {
  readonly stage: string;
  readonly action: string;
  /** the first line of what the action says; `''` when it says nothing */
  readonly message: string;
  /** all that the action says; `''` for nothing, and in records of a release that kept the first line alone */
  readonly summary: string;
  /** the page of what the action has run, `''` for none */
  readonly url: string;
}

/** `stage Build, action Compile: Build terminated with state: FAILED`; `''` for none */
export function failureWords({
  stage,
  action,
  message,
}: Pick<FailedAction, 'stage' | 'action' | 'message'>): string {
  return stage === '' ? '' : `stage ${stage}, action ${action}${message && `: ${message}`}`;
}
