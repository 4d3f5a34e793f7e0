import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { environment } from '../shared/setting.ts';

let client: DynamoDBClient | undefined;

/** An expression may have 4 KB. */
const CLEARED = 20;

type Leases = Record<string, AttributeValue>;

/**
 * One build's claim to make the artifact at a key: a member of one record of the Refs table for each repository and set of
 * options. Who gives a lease back clears those away that killed builds have left.
 */
export class MakingLease {
  private readonly owner = randomUUID();
  private readonly name: string;
  private readonly id: string;
  private over: string[] = [];

  constructor(
    key: string,
    private readonly ms: number,
  ) {
    this.name = basename(key);
    this.id = `being made below ${dirname(key)}`;
  }

  /** @returns whether it is this build's now */
  async acquire(): Promise<boolean> {
    const now = Date.now();
    const leases = await this.change('SET #name = :lease', {
      condition: 'attribute_not_exists(#name) OR #name.#expires < :now',
      names: { '#expires': 'expires' },
      values: { ':lease': this.lease(now), ':now': { N: String(now) } },
    });
    if (leases) this.over = overIn(leases, now);
    return leases !== undefined;
  }

  /** Nothing happens to a lease that another build has taken since. */
  async renew(): Promise<void> {
    await this.ofOwner('SET #name = :lease', {}, { ':lease': this.lease(Date.now()) });
  }

  async release(): Promise<void> {
    const over = Object.fromEntries(this.over.map((name, index) => [`#over${index}`, name]));
    await this.ofOwner(`REMOVE ${['#name', ...Object.keys(over)].join(', ')}`, over, {});
  }

  private lease(now: number): AttributeValue {
    return { M: { owner: { S: this.owner }, expires: { N: String(now + this.ms) } } };
  }

  private ofOwner(expression: string, names: Record<string, string>, values: Leases) {
    return this.change(expression, {
      condition: '#name.#owner = :owner',
      names: { '#owner': 'owner', ...names },
      values: { ':owner': { S: this.owner }, ...values },
    });
  }

  /** @returns the record with every lease; undefined when the condition did not hold */
  private async change(
    UpdateExpression: string,
    { condition, names, values }: { condition: string; names: Record<string, string>; values: Leases },
  ): Promise<Leases | undefined> {
    client ??= new DynamoDBClient();
    try {
      const { Attributes = {} } = await client.send(
        new UpdateItemCommand({
          TableName: environment('REFS_TABLE'),
          Key: { id: { S: this.id } },
          UpdateExpression,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#name': this.name, ...names },
          ExpressionAttributeValues: values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

const overIn = (leases: Leases, now: number): string[] =>
  Object.entries(leases)
    .filter(([, { M }]) => Number(M?.expires?.N) < now)
    .map(([name]) => name)
    .slice(0, CLEARED);
