export type Status = 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Superseded' | 'Failed';
export type ActionStatus = 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned';

/** An object in the artifact store. */
export interface StoredArtifact {
  readonly bucket: string;
  readonly key: string;
}

/** One action of an execution. Times in epoch seconds. */
export interface ActionExecution {
  readonly id: string;
  readonly stage: string;
  readonly action: string;
  readonly status: ActionStatus;
  readonly startTime: number;
  readonly lastUpdateTime: number;
  /** the build that runs it */
  readonly externalId?: string | undefined;
  readonly summary?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** One run of a pipeline. */
export interface Execution {
  readonly id: string;
  readonly pipeline: string;
  readonly status: Status;
  readonly statusSummary?: string | undefined;
  readonly startTime: number;
  readonly lastUpdateTime: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly trigger: { readonly triggerType: string; readonly triggerDetail: string };
  readonly token?: string | undefined;
  /** by source action: the key and version that stand in for its configured ones */
  readonly overrides: Readonly<
    Record<string, { readonly key?: string | undefined; readonly versionId?: string | undefined }>
  >;
  readonly revisions: readonly {
    readonly name: string;
    readonly revisionId: string;
    readonly revisionSummary: string;
    readonly created: number;
    readonly revisionUrl: string;
  }[];
  readonly artifacts: Readonly<Record<string, StoredArtifact>>;
  /** in the order in which they began */
  readonly actions: readonly ActionExecution[];
  /** an operator has asked for its end */
  readonly stop?: { readonly abandon: boolean; readonly reason: string } | undefined;
}

export const seconds = (): number => Date.now() / 1000;
