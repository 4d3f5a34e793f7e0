import type { NextStep } from '../../operate/deliveries/next-step.ts';
import type { FailureAnswer, Progress } from './common.ts';

/** `POST redeliveries/plan` of what a list shows, by its query: how many deliveries would run again. */
export interface RedeliveriesAnswer {
  /** the name of all of them; the same name again goes on with them */
  readonly replayName: string;
  /** ISO time of the plan: what came later is not part of it */
  readonly until: string;
  /** ISO time of the oldest: what is older is not part of it */
  readonly since: string;
  readonly outcomes: readonly (readonly [outcome: string, count: number])[];
  /** what passes the query and is left out unless it is forced */
  readonly inVain: readonly LeftOut[];
}

/** Deliveries that would end as before, for one reason. */
export interface LeftOut {
  readonly outcome: string;
  readonly count: number;
  readonly reason: string;
  /** what to do instead, for the newest of them */
  readonly next?: NextStep | undefined;
}

/** `POST redeliveries` */
export interface RedeliveriesRequest extends Pick<RedeliveriesAnswer, 'replayName' | 'since' | 'until'> {
  /** the query of the list */
  readonly shown: Readonly<Record<string, string>>;
  /** also those that would end as before */
  readonly force: boolean;
}

export interface RedeliveriesResult {
  /** under this name, so far */
  readonly started: number;
  /** deliveries that cannot run again, as their executions are not kept any more */
  readonly expired: number;
}

/** A line of `POST redeliveries`: the progress, and at the end the result or the failure. */
export type RedeliveriesLine = Progress | { readonly result: RedeliveriesResult } | FailureAnswer;
