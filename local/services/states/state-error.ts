/** A state's failure, by the name that `Retry` and `Catch` match. */
export class StateError extends Error {
  override readonly name = 'StateError';
  /**
   * @param error the error name, for example `States.Timeout`; undefined where a Fail state gives none
   * @param reason the cause: prose, or the JSON of what failed
   */
  constructor(
    readonly error: string | undefined,
    readonly reason: string | undefined,
    options?: ErrorOptions,
  ) {
    super(`${error}: ${reason}`, options);
  }
}
