import type { RulePath, RuleProblem } from '../events/rule-problem.ts';
import type { Possible } from '../operate/deliveries/actions.ts';
import type { CommitOfDelivery } from '../operate/deliveries/commit.ts';
import type { DeliveryDetail } from '../operate/deliveries/delivery.ts';
import type { UnmatchedDetail } from '../operate/deliveries/describe-unmatched.ts';
import type { Step, TimelineEvent } from '../operate/deliveries/history.ts';
import type { DeliveryPage, DeliveryRow, Hidden } from '../operate/deliveries/index.ts';
import type { LogLine } from '../operate/deliveries/logs.ts';
import type { NextStep } from '../operate/deliveries/next-step.ts';
import type { WebhookRequest } from '../operate/deliveries/request.ts';
import type { Overview } from '../operate/overview/overview.ts';
import type { OwnPipelines } from '../operate/pipelines/pipelines.ts';
import type { Forecast } from '../operate/replays/forecast.ts';
import type { PastReplay, ReplayProgress, Span } from '../operate/replays/replay.ts';
import type { Explanation } from '../operate/rules/explain.ts';
import type { Trial } from '../operate/rules/trial.ts';

/** What the console's page and its server say to each other; every answer is JSON below `api/`. */
export type {
  DeliveryPage,
  DeliveryRow,
  Explanation,
  Forecast,
  Hidden,
  LogLine,
  PastReplay,
  ReplayProgress,
  RuleProblem,
  Span,
  Step,
  TimelineEvent,
};

/** `GET deployment` */
export interface DeploymentAnswer {
  readonly stackName: string;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  readonly webhookUrl: string;
  readonly archiveName: string;
}

/** `GET deliveries/:id` */
export interface DeliveryAnswer extends DeliveryDetail {
  readonly possible: Possible;
  /** the operator's next step after a delivery that failed */
  readonly next?: NextStep | undefined;
  /** the status of the pipeline's execution, if the delivery started one */
  readonly pipelineStatus?: string | undefined;
  /** every run of the delivery, this one among them, the one that began last first */
  readonly runs: readonly DeliveryRow[];
}

/** `GET deliveries/:id/request`: the webhook by which the delivery came. */
export interface RequestAnswer extends WebhookRequest {
  /** the same request as a command */
  readonly curl: string;
}

/** `GET deliveries/:id/commit`; `{}` where nothing verified tells of it */
export type CommitAnswer = Partial<CommitOfDelivery>;

/** `GET deliveries/:id` of a delivery that no rule took */
export interface UnmatchedAnswer extends UnmatchedDetail {
  readonly next?: NextStep | undefined;
}

/** `GET overview?since=24h` */
export type OverviewAnswer = Overview;

/** `GET pipelines` */
export type PipelinesAnswer = OwnPipelines;

/** `POST deliveries/:id/redeliver` */
export interface RedeliverAnswer {
  readonly executionArn: string;
}

/** `POST redeliveries/plan` of what a list shows, by its query: how many deliveries would run again. */
export interface RedeliveriesAnswer {
  /** the name of all of them; the same name again goes on with them */
  readonly replayName: string;
  /** ISO time of the plan: what came later is not part of it */
  readonly until: string;
  /** ISO time of the oldest */
  readonly since: string;
  readonly outcomes: readonly (readonly [outcome: string, count: number])[];
}

/** `POST redeliveries` */
export interface RedeliveriesRequest extends Pick<RedeliveriesAnswer, 'replayName' | 'until'> {
  /** the query of the list */
  readonly shown: Readonly<Record<string, string>>;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
}

export interface RedeliveriesResult {
  /** under this name, so far */
  readonly started: number;
  /** deliveries that cannot run again, as their executions are not kept any more */
  readonly expired: number;
}

/** A line of `POST redeliveries`: the progress, and at the end the result or the failure. */
export type RedeliveriesLine = Progress | { readonly result: RedeliveriesResult } | FailureAnswer;

/** `GET deliveries/:id/artifact` */
export interface ArtifactAnswer {
  /** the address from which the browser downloads the artifact; it ends after some minutes */
  readonly url: string;
}

/** `GET machine?execution=ARN`: the states of an execution's machine where they stand in its picture. */
export interface MachineAnswer {
  readonly states: readonly PlacedState[];
  readonly transitions: readonly Transition[];
  readonly width: number;
  readonly height: number;
}

export interface PlacedState {
  readonly name: string;
  /** `Task`, `Choice`, `Succeed`, `Fail`, … */
  readonly type: string;
  readonly comment: string;
  /** the upper left corner, in pixels */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Transition {
  readonly from: string;
  readonly to: string;
  /** whether the transition is a state's `Next`, a rule of a Choice, or a catcher of errors */
  readonly by: 'next' | 'choice' | 'catch';
  /** the line's points, from state to state, in pixels */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** `GET archive` */
export interface ArchiveAnswer {
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
  /** 0 for ever */
  readonly retentionDays: number;
  /** ISO time of the oldest event that the archive can hold */
  readonly since: string;
}

/** `GET replays/histogram?from=&to=&parts=`: the deliveries on record, as the archive itself cannot be read. */
export interface HistogramAnswer {
  /** the number of deliveries in each of the equal parts of the span */
  readonly counts: readonly number[];
  /** whether there are more than were counted */
  readonly more: boolean;
}

/** The span and the rules of a replay: `POST replays`, answered with the replay's name, and `POST replays/forecast`. */
export interface ReplayRequest extends Span {
  /** an empty list stands for every rule */
  readonly rules: readonly string[];
}

/** `POST replays` */
export interface ReplayAnswer {
  readonly name: string;
}

/** A line of `POST replays/forecast`: the progress, and at the end the forecast or the failure. */
export type ForecastLine = Progress | { readonly result: Forecast } | FailureAnswer;

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

/** Any answer that is not 2xx. */
export interface FailureAnswer {
  readonly message: string;
}
