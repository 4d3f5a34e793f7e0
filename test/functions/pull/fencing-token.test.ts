import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps({ inMemory: true });
});
afterAll(() => steps?.close());

const put = (Item: PutItemCommand['input']['Item']) =>
  new DynamoDBClient().send(new PutItemCommand({ TableName: process.env.REFS_TABLE, Item }));

describe('the fencing token of a ref', () => {
  it('is one more than the last', async () => {
    expect(await nextToken('a')).toEqual({ token: 1, published: '', claimed: {} });
    expect(await nextToken('a')).toMatchObject({ token: 2 });
    expect(await nextToken('b')).toMatchObject({ token: 1 });
  });

  it('comes with what the record says of the ref', async () => {
    await put({
      id: { S: 'c' },
      next: { N: '41' },
      published: { M: { key: { S: 'k.zip' } } },
      claimed: { M: { one: { M: { commit: { S: 'x' } } }, other: { M: {} }, odd: { S: 'y' } } },
    });
    expect(await nextToken('c')).toEqual({
      token: 42,
      published: 'k.zip',
      claimed: { one: 'x', other: '', odd: '' },
    });
  });

  it('comes with nothing that the record says in another way', async () => {
    await put({ id: { S: 'd' }, published: { M: {} }, claimed: { S: 'x' } });
    expect(await nextToken('d')).toEqual({ token: 1, published: '', claimed: {} });
    await put({ id: { S: 'd' }, published: { S: 'x' } });
    expect(await nextToken('d')).toEqual({ token: 1, published: '', claimed: {} });
  });

  it.each(['9007199254740991', '0.5'])(
    'is a whole number that JavaScript holds, not %s and one more',
    async (N) => {
      await put({ id: { S: N }, next: { N } });
      await expect(nextToken(N)).rejects.toMatchObject({
        name: 'PullFailed',
        message: `the ref's record ${JSON.stringify(N)} has no number "next"; correct or delete it`,
      });
    },
  );
});
