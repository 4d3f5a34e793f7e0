/**
 * The index of the Deliveries table by time: each day's deliveries (UTC, `2026-01-31`) by the ISO time at which they came.
 * What is run again deliberately has the time at which that run began.
 */
export const BY_DAY = { indexName: 'byDay', partitionKey: 'day', sortKey: 'receivedAt' } as const;

/** The index of the Deliveries table by the host's id of a delivery: the keys of every run of the delivery. */
export const BY_DELIVERY = {
  indexName: 'byDelivery',
  partitionKey: 'deliveryId',
  sortKey: 'receivedAt',
} as const;
