import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';
import { environment } from './setting.ts';

const DAY_SECONDS = 86_400;

/**
 * A step that happens once for each of its keys: called again, it answers what it answered before; while another call
 * is at it, it throws `IdempotencyAlreadyInProgressError`, which the machine retries. A step that threw may run again.
 * @param step its name in the records
 * @param key JMESPath of the input's members that make the key
 */
export function once<Input, Output>(
  step: string,
  key: string,
  work: (input: Input) => Promise<Output>,
): (input: Input, context: Context) => Promise<Output> {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: key,
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: DAY_SECONDS,
  });
  let wrapped: ((input: Input) => Promise<Output>) | undefined;
  return (input, context) => {
    config.registerLambdaContext(context);
    wrapped ??= makeIdempotent(work, {
      persistenceStore: new DynamoDBPersistenceLayer({ tableName: environment('IDEMPOTENCY_TABLE') }),
      config,
      keyPrefix: step,
    });
    return wrapped(input);
  };
}
