import type { Overview } from '../../operate/overview/overview.ts';

/** `GET overview?since=24h` */
export type OverviewAnswer = Overview;
