/** The index of the Deliveries table: each day's deliveries (UTC, `2026-01-31`) by the ISO time at which they came. */
export const BY_DAY = { indexName: 'byDay', partitionKey: 'day', sortKey: 'receivedAt' } as const;
