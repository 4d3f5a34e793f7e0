import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

/** What a delivery's record is given besides its outcome; what is undefined is left as it is, and what is null is removed. */
export type Facts = Readonly<Record<string, string | number | null | undefined>>;

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
  const changed = Object.entries(values).filter(([, value]) => value !== undefined);
  const given = changed.filter(([, value]) => value !== null);
  const removed = changed.filter(([, value]) => value === null);
  try {
    const { Attributes } = await dynamo().send(
      new UpdateCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Key: { id: key },
        UpdateExpression: [
          `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ...(removed.length > 0 ? [`REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`] : []),
        ].join(' '),
        ConditionExpression: '#executionArn = :executionArn',
        ExpressionAttributeNames: {
          '#executionArn': 'executionArn',
          ...Object.fromEntries(changed.map(([name]) => [`#${name}`, name])),
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
