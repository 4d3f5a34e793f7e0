import type { RulePath, RuleProblem } from '../../events/rule-problem.ts';
import type { Trial } from '../../operate/rules/trial.ts';

export type { RuleProblem } from '../../events/rule-problem.ts';
export type { Explanation } from '../../operate/rules/explain.ts';

/** `GET rules` */
export interface RulesAnswer {
  readonly rules: readonly RuleAnswer[];
  /** the problems of the rule files, while the files are watched */
  readonly problems: readonly RuleProblem[];
  /** whether a new rule can be saved from here */
  readonly canSave: boolean;
}

export interface RuleAnswer {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  /** the conditions of the match, which must all hold; an empty list matches every event */
  readonly clauses: readonly { readonly path: string; readonly words: string }[];
}

/** `GET rules/counts`: how often each rule matched on each of the last days. */
export interface RuleCountsAnswer {
  /** UTC, oldest first */
  readonly days: readonly string[];
  readonly counts: Readonly<Record<string, readonly number[]>>;
  /** whether there are more than were counted */
  readonly more: boolean;
  /** the name of the pipeline that a rule starts, by the rule's */
  readonly pipelines: Readonly<Record<string, string>>;
}

/** `POST rules/explain` */
export type ExplainRequest =
  | { readonly delivery: string }
  | { readonly event: string; readonly host: string; readonly payload: unknown };

/** The values from which a rule's file is written: `POST rules/draft`. */
export interface DraftRequest {
  readonly name: string;
  readonly description: string;
  readonly event: readonly string[];
  readonly repository: string;
  readonly ref: string;
  readonly pipeline: string;
  readonly status: boolean;
  readonly skipCi: boolean;
  readonly skipSuperseded: boolean;
  readonly paths: readonly string[];
}

/** `POST rules/trial`: what a draft would do with the last deliveries */
export type TrialAnswer = Trial;

/** `POST rules/save` */
export interface SaveAnswer {
  /** the path of the file that was written */
  readonly file: string;
}

/** `POST rules/draft` */
export interface DraftAnswer {
  /** undefined while the rule has a problem */
  readonly text?: string;
  readonly problems: readonly DraftProblem[];
}

export interface DraftProblem {
  /** where in the rule the problem stands */
  readonly path: RulePath;
  readonly message: string;
}
