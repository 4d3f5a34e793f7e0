/** `GET deployment` */
export interface DeploymentAnswer {
  readonly stackName: string;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  readonly webhookUrl: string;
  readonly archiveName: string;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Any answer that is not 2xx. */
export interface FailureAnswer {
  readonly message: string;
}
