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

/**
 * A task's result over the limit, which `States.ALL` takes. AWS's page says that `States.ALL` takes no data over the
 * limit, but LocalStack's recordings of AWS (`…_catch_state_all_data_limit_exceeded_…`, 2024-03) show that it takes this.
 */
export class ResultTooLarge extends StateError {}
