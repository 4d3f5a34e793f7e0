import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { deliverySchema } from '../../events/delivery.ts';
import { type Origin, originSchema, recordedName } from '../../events/raw-input.ts';
import { REFUSED, unreported } from '../../statemachine/outcomes.ts';
import { DELIVERY_ID, deliveryKey, type Recorded } from '../shared/delivery-record.ts';
import { messageOf } from '../shared/thrown.ts';

/** An execution that has ended without success. */
export interface EndedExecution {
  readonly arn: string;
  readonly outcome: string;
  readonly error: string;
  readonly message: string;
  /** whether it ended in `Rejected` or `Malformed` */
  readonly refused: boolean;
  /** whether its delivery was verified before it began: what Validate has come to is not known here */
  readonly verified: boolean;
  readonly delivery: Recorded;
}

// A cause may be as long as 32,768 characters; who wants all of it looks at the execution.
const MAX_MESSAGE = 1000;

let client: SFNClient | undefined;

/** The execution as it is now; undefined for one that runs again, has succeeded, is not known any more or was no delivery's. */
export async function endedExecution(arn: string): Promise<EndedExecution | undefined> {
  client ??= new SFNClient();
  try {
    const found = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
    const { status, error = '', cause = '', input = 'null' } = found;
    const begun = inputSchema.safeParse(JSON.parse(input));
    if (status === undefined || !isFailed(status) || !begun.success) return undefined;
    const refused = REFUSED.some((name) => name === error);
    const message = messageOf(cause).slice(0, MAX_MESSAGE);
    return { arn, outcome: unreported[status], error, message, refused, ...begun.data };
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

const isFailed = (status: string): status is Exclude<keyof typeof unreported, 'SUCCEEDED'> =>
  status in unreported && status !== 'SUCCEEDED';

// As the door and the Pipe send it. A rule's input is not verified here: of it nothing is taken but names, which the
// door has checked the form of or which are checked here.
const name = z.string().max(100);
const fromRule = originSchema.extend({
  host: z.string().max(200),
  headers: z.object({ event: name, delivery: z.string().regex(DELIVERY_ID) }),
});
const fromPipe = z.tuple([originSchema.extend({ overflow: z.object({ delivery: deliverySchema }) })]);

const inputSchema = z.union([
  fromRule.transform(({ host, headers, ...origin }) => ({
    verified: false,
    delivery: recorded(origin, { host, id: headers.delivery, event: headers.event }),
  })),
  fromPipe.transform(([{ overflow, ...origin }]) => ({
    verified: true,
    delivery: recorded(origin, overflow.delivery),
  })),
]);

function recorded({ rule, options, replayName, time }: Origin, delivery: Recorded['delivery']): Recorded {
  const key = deliveryKey(recordedName({ rule, options }), delivery, replayName);
  return { key, delivery, rule: { name: rule }, replayName, time };
}
