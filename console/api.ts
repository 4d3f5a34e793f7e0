/** What the console's page and its server say to each other; every answer is JSON below `api/`. */
export type * from './api/common.ts';
export type * from './api/deliveries.ts';
export type * from './api/machine.ts';
export type * from './api/overview.ts';
export type * from './api/pipelines.ts';
export type * from './api/redeliveries.ts';
export type * from './api/replays.ts';
export type * from './api/repositories.ts';
export type * from './api/rules.ts';
