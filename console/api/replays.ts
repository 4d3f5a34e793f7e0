import type { Forecast } from '../../operate/replays/forecast.ts';
import type { Span } from '../../operate/replays/replay.ts';
import type { FailureAnswer, Progress } from './common.ts';

export type { Forecast } from '../../operate/replays/forecast.ts';
export type { PastReplay, ReplayProgress, Span } from '../../operate/replays/replay.ts';

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
