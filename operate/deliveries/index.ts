export { deliveriesWithOutcomes, fillOutcomes, isRunning } from './fill-outcomes.ts';
export { filterOfText } from './filter-text.ts';
export { type DeliveryQuery, deliveryPages, listDeliveries } from './list.ts';
export type { DeliveryPage, Hidden } from './merge-pages.ts';
export { type DeliveryFilter, type DeliveryRow, eventTimeOf, FILTERS, rowSchema } from './row.ts';
