export { type DeliveryPage, type DeliveryQuery, deliveryPages, listDeliveries } from './deliveries/list.ts';
export { type DeliveryFilter, type DeliveryRow, FILTERS, rowSchema } from './deliveries/row.ts';
export { settle, settledDeliveries } from './deliveries/settle.ts';
