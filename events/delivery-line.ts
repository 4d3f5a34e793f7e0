import type { EventPath } from './bus-event.ts';
import { type ProviderName, providerNames } from './providers/index.ts';

// The log of deliveries has a line for each delivery that came to the bus, and one for each rule that took it. EventBridge
// writes both, by the transformers below. A delivery without a line of the second kind was taken by no rule (I11).
// The words of a line have spaces between, and no word has a quote or a backslash: EventBridge would not escape them.

/** An input transformer, as a rule's target takes it. */
interface Transformer {
  readonly inputPathsMap: Record<string, string>;
  readonly inputTemplate: string;
}

const CAME = 'came';
const TAKEN = 'taken';

/** The line of a delivery. The door has seen to its words (infra/door-templates.ts); nothing of them is verified. */
export const cameLine = (): Transformer =>
  line(`${CAME} <id> <provider> <host> <event> <delivery> <bytes> <repository> <ref>`, {
    id: '$.id',
    provider: '$.detail.provider',
    host: '$.detail.host',
    event: '$.detail.headers.event',
    delivery: '$.detail.headers.delivery',
    bytes: '$.detail.summary.bytes',
    repository: '$.detail.summary.repository',
    ref: '$.detail.summary.ref',
  });

/** The line of a rule that took a delivery, or took it again in a replay. */
export const takenLine = (rule: string): Transformer =>
  line(`${TAKEN} <id> ${rule} <replayName>`, { id: '$.id', replayName: '$.replay-name' });

/** CloudWatch Logs takes exactly these two members. The time of both lines is the event's, so that they stand together. */
function line(message: string, paths: Record<string, EventPath>): Transformer {
  return {
    inputPathsMap: { ...paths, time: '$.time' },
    inputTemplate: `{"timestamp":<time>,"message":"${message}"}`,
  };
}

/** What a line says. */
export type DeliveryLine =
  | ({ readonly kind: 'came' } & CameLine)
  | { readonly kind: 'taken'; readonly eventId: string; readonly rule: string; readonly replayName: string };

/** A delivery as it came to the bus. Nothing of it is verified. */
export interface CameLine {
  readonly eventId: string;
  readonly provider: ProviderName;
  readonly host: string;
  readonly event: string;
  readonly deliveryId: string;
  /** of the body, about; 0 where the door did not say */
  readonly bytes: number;
  /** `''` where the payload names none, `?` for a name that the line cannot hold */
  readonly repository: string;
  readonly ref: string;
}

/** @returns undefined for a line of another form */
export function readLine(text: string): DeliveryLine | undefined {
  const [kind, eventId = '', ...words] = text.split(' ');
  if (kind === TAKEN) {
    const [rule = '', replayName = ''] = words;
    return { kind, eventId, rule, replayName };
  }
  const [name, host = '', event = '', deliveryId = '', bytes, repository = '', ref = ''] = words;
  const provider = providerNames.find((each) => each === name);
  if (kind !== CAME || !provider) return undefined;
  return { kind, eventId, provider, host, event, deliveryId, bytes: Number(bytes), repository, ref };
}
