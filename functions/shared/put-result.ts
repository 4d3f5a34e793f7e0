import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SOURCE } from '../../events/bus-event.ts';
import { type DELIVERY_ENDED, type PIPELINE_ENDED, resultDetailOf } from '../../events/result-event.ts';
import { environment } from './setting.ts';

let client: EventBridgeClient | undefined;

/**
 * Puts what is on record of a delivery on the bus, for whoever listens. A function that runs again puts it again:
 * EventBridge too brings an event at least once.
 * @throws when the bus does not take it
 */
export async function putResult(
  DetailType: typeof DELIVERY_ENDED | typeof PIPELINE_ENDED,
  record: unknown,
): Promise<void> {
  client ??= new EventBridgeClient();
  const Detail = JSON.stringify(resultDetailOf(record));
  const EventBusName = environment('BUS_NAME');
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({ Entries: [{ EventBusName, Source: SOURCE, DetailType, Detail }] }),
  );
  if (!FailedEntryCount) return;
  const { ErrorCode: name = 'Error', ErrorMessage: words = '' } = Entries?.[0] ?? {};
  const refused = new Error(`the bus ${EventBusName} did not take the event ${DetailType}: ${name} ${words}`);
  // By the name of one that may pass, the machine calls again.
  throw Object.assign(refused, { name });
}
