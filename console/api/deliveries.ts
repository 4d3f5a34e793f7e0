import type { Possible } from '../../operate/deliveries/actions.ts';
import type { ArtifactFiles } from '../../operate/deliveries/artifact-files.ts';
import type { CommitOfDelivery } from '../../operate/deliveries/commit.ts';
import type { DeliveryDetail } from '../../operate/deliveries/delivery.ts';
import type { UnmatchedDetail } from '../../operate/deliveries/describe-unmatched.ts';
import type { DeliveryRow } from '../../operate/deliveries/index.ts';
import type { NextStep } from '../../operate/deliveries/next-step.ts';
import type { WebhookRequest } from '../../operate/deliveries/request.ts';

export type { Step, TimelineEvent } from '../../operate/deliveries/history.ts';
export type { DeliveryPage, DeliveryRow, Hidden } from '../../operate/deliveries/index.ts';
export type { LogLine } from '../../operate/deliveries/logs.ts';

/** `GET deliveries/:id` */
export interface DeliveryAnswer extends DeliveryDetail {
  readonly possible: Possible;
  /** the operator's next step after a delivery that failed */
  readonly next?: NextStep | undefined;
  /** the status of the pipeline's execution, if the delivery started one */
  readonly pipelineStatus?: string | undefined;
  /** the page of the pipeline's execution in the AWS console, if there is one */
  readonly pipelinePage?: string | undefined;
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

/** `POST deliveries/:id/redeliver` */
export type RedeliverRequest = {
  /** also one that would end as before */
  readonly force?: boolean;
};

/** Its answer: the new execution, or why nothing was started. */
export type RedeliverAnswer = { readonly executionArn: string } | { readonly inVain: string };

/** `GET deliveries/:id/files`: the files of the delivery's artifact, a thousand at most */
export type FilesAnswer = ArtifactFiles;

/** `GET deliveries/:id/artifact` */
export interface ArtifactAnswer {
  /** the address from which the browser downloads the artifact; it ends after some minutes */
  readonly url: string;
}
