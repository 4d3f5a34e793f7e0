import type { DeliveryPage, DeliveryRow } from '../operate/deliveries.ts';
import type { DeliveryDetail } from '../operate/delivery.ts';
import type { Step, TimelineEvent } from '../operate/history.ts';
import type { LogLine } from '../operate/logs.ts';

/** What the console's page and its server say to each other; every answer is JSON below `api/`. */
export type { DeliveryPage, DeliveryRow, LogLine, Step, TimelineEvent };

/** `GET deployment` */
export interface DeploymentAnswer {
  readonly stackName: string;
  /** whether it runs on this machine */
  readonly local: boolean;
  readonly webhookUrl: string;
  readonly archiveName: string;
}

/** What can be done with a delivery as it is now. */
export interface Possible {
  readonly stop: boolean;
  readonly redrive: boolean;
}

/** `GET deliveries/:id` */
export interface DeliveryAnswer extends DeliveryDetail {
  readonly possible: Possible;
  /** the status of the pipeline's execution, when one was started */
  readonly pipelineStatus?: string | undefined;
}

/** `POST deliveries/:id/redeliver` */
export interface RedeliverAnswer {
  readonly executionArn: string;
}

/** `GET deliveries/:id/artifact` */
export interface ArtifactAnswer {
  /** where the browser downloads it from, for some minutes */
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
  /** of its upper left corner, in pixels */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Transition {
  readonly from: string;
  readonly to: string;
  /** what leads there */
  readonly by: 'next' | 'choice' | 'catch';
  /** the line's points, from state to state, in pixels */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Any answer that is not 2xx. */
export interface FailureAnswer {
  readonly message: string;
}
