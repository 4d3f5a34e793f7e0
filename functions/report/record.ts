import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

/** What a delivery's record is given besides its outcome; what is undefined is left as it is. */
export type Facts = Readonly<Record<string, string | number | undefined>>;

/**
 * Records how far a delivery has come, unless another execution has taken it over since.
 * @returns the record; undefined when another has taken it over
 */
export async function recordOutcome(
  key: string,
  executionArn: string,
  outcome: string,
  facts: Facts,
): Promise<Record<string, unknown> | undefined> {
  const values = { outcome, updatedAt: new Date().toISOString(), ...facts };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  try {
    const { Attributes } = await dynamo().send(
      new UpdateCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Key: { id: key },
        UpdateExpression: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#executionArn = :executionArn',
        ExpressionAttributeNames: {
          '#executionArn': 'executionArn',
          ...Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':executionArn': executionArn,
          ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes;
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
}
