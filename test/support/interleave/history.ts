import type { Ending } from './interpreter.ts';
import type { Rule, Scenario, Telling } from './scenario.ts';

/** What one execution came to, and when; a moment is the number of calls made before. */
export interface Execution {
  readonly arn: string;
  readonly key: string;
  readonly rule: Rule;
  readonly telling: Telling;
  claimed: boolean;
  lookUp?: { readonly token: number; readonly tip: number };
  publish?: { readonly began: number; readonly ended: number; readonly outcome: string };
  /** its pull found a ref that does not hold its commit */
  offRef?: boolean;
  /** its pull found a newer delivery of the rule at the ref */
  gaveWay?: boolean;
  /** when its last call of Publish or StartPipeline began */
  decided: number;
  ended?: number;
  ending?: Ending;
  /** an error was made up, or its pull failed */
  faulty: boolean;
  deaths: number;
}

/** A pipeline that was started, and where the host stood. */
export interface Started {
  readonly pipeline: string;
  readonly commit: number;
  readonly execution: Execution;
  /** how many changes the host had made */
  readonly changes: number;
}

export interface History {
  readonly scenario: Scenario;
  readonly executions: Execution[];
  readonly started: Started[];
  /** what each pointer showed, one after the other, by its key; 0 for nothing */
  readonly pointers: Map<string, number[]>;
  /** the keys of the artifacts that were made */
  readonly made: Set<string>;
  /** which is made now, and until when its lease is */
  readonly making: Map<string, number>;
  readonly trace: string[];
  /** how many calls were made: the moment that it is */
  calls: number;
  /** whether the planned call came */
  readonly broke: () => boolean;
  /** what was wrong while it ran */
  readonly wrong: string[];
  /** whether there is a pipeline of the branch's own */
  hasOwn: () => boolean;
  pointerOf(rule: Rule): string;
}

/** A commit's id. */
export const sha = (n: number): string => n.toString(16).padStart(40, '0');
/** The number of a commit's id, 0 of none. */
export const numberOf = (commit: string): number => (commit === '' ? 0 : Number.parseInt(commit, 16));

export const executionOf = ({ executions }: History, arn: string): Execution | undefined =>
  executions.find((execution) => execution.arn === arn);
