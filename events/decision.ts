import * as z from 'zod';
import type { OpenFilter } from './change-filter.ts';
import type { RuleOptions } from './rule.ts';

/**
 * The routes of a delivery: `pull` for pushes and for the events that a rule asks for, `retire` for a deleted ref, `close`
 * for a pull request that is closed, `approve` for what somebody says of a fork's.
 */
export const routeSchema = z.enum(['ping', 'ignored', 'pull', 'retire', 'close', 'approve']);

export type Route = z.infer<typeof routeSchema>;

/** The part of a rule that decides on a delivery which the rule's match has taken. */
export type RouteOptions = Pick<
  RuleOptions,
  'asksFor' | 'actions' | 'paths' | 'paths-ignore' | 'skip' | 'pull-request'
>;

/** The route on which a rule sends a delivery, and the one clause that decided. */
export interface Decision {
  readonly route: Route;
  /** the clause in words: `no changed file matches src/**` */
  readonly reason: string;
  /** whether a path filter decided, by the changed files */
  readonly byPaths: boolean;
  /** the filters that the payload leaves to the pull */
  readonly open?: readonly OpenFilter[] | undefined;
}
