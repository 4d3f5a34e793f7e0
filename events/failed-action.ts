/** The action by which a pipeline execution failed. */
export interface FailedAction {
  readonly stage: string;
  readonly action: string;
  /** the first line of what the action says; `''` when it says nothing */
  readonly message: string;
}

/** `stage Build, action Compile: Build terminated with state: FAILED`; `''` for none */
export function failureWords({ stage, action, message }: FailedAction): string {
  return stage === '' ? '' : `stage ${stage}, action ${action}${message && `: ${message}`}`;
}
