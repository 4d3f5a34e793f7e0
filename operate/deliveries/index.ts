export { deliveriesWithOutcomes, fillOutcomes, isRunning } from './fill-outcomes.ts';
export { filterOfText } from './filter-text.ts';
export { type DeliveryPage, type DeliveryQuery, deliveryPages, listDeliveries } from './list.ts';
export { type DeliveryFilter, type DeliveryRow, FILTERS, rowSchema } from './row.ts';
