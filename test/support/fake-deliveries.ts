/** An item as DynamoDB writes it; every attribute here is a text. */
export type Item = Readonly<Record<string, { readonly S: string }>>;

const KEPT_MS = 89 * 86_400_000;
const REPOSITORIES = 7;

/** Made-up deliveries, each made when it is asked for, so that there may be any number of them. */
export interface FakeDeliveries {
  readonly count: number;
  /** a delivery by its number, the oldest is 0 */
  item(number: number): Item;
  /** how many were received before a time */
  before(ms: number): number;
  /** so many more are received now, from their host or by a replay */
  arrive(count: number, more?: Readonly<Record<string, string>>): void;
}

/**
 * @param count of them, evenly over the days that are kept
 * @param rare the number of the only one of the repository `rare/needle`
 */
export function fakeDeliveries(count: number, rare: number): FakeDeliveries {
  const start = Date.now();
  const arrived: { at: number; more: Readonly<Record<string, string>> }[] = [];
  const time = (number: number): number =>
    arrived[number - count]?.at ?? start - ((count - number) / count) * KEPT_MS;
  return {
    get count() {
      return count + arrived.length;
    },
    item: (number) =>
      itemOf(
        number,
        time(number),
        number === rare ? { repository: 'rare/needle' } : arrived[number - count]?.more,
      ),
    before: (ms) => firstFrom(ms, count + arrived.length, time),
    arrive: (length, more = {}) =>
      void arrived.push(...Array.from({ length }, () => ({ at: Date.now(), more }))),
  };
}

function itemOf(number: number, ms: number, more: Readonly<Record<string, string>> = {}): Item {
  const receivedAt = new Date(ms).toISOString();
  const row = {
    id: `default#github.com#${number}#`,
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:machine:${number}`,
    rule: 'default',
    host: 'github.com',
    repository: `acme/app-${number % REPOSITORIES}`,
    ref: 'refs/heads/main',
    commit: number.toString(16).padStart(40, '0'),
    event: 'push',
    deliveryId: String(number),
    receivedAt,
    day: receivedAt.slice(0, 10),
    outcome: 'Published',
    claimedAt: receivedAt,
    updatedAt: new Date(ms + 1500).toISOString(),
    ...more,
  };
  return Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }]));
}

/** The first number whose time is not before `ms`; times only grow. */
function firstFrom(ms: number, count: number, time: (number: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (time(middle) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
