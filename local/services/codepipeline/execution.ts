export type Status = 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Superseded' | 'Failed';

/** An object in the artifact store. */
export interface StoredArtifact {
  readonly bucket: string;
  readonly key: string;
  /** of a bucket that keeps versions */
  readonly versionId?: string | undefined;
}

/** The revision that a source action took. */
export interface Revision {
  readonly action: string;
  /** the artifact's name */
  readonly name: string;
  readonly revisionId: string;
  readonly revisionSummary: string;
  /** epoch seconds */
  readonly created: number;
  readonly revisionUrl: string;
}

/** One action of an execution. Times in epoch seconds. */
export interface ActionExecution {
  readonly id: string;
  readonly stage: string;
  readonly action: string;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned';
  readonly startTime: number;
  readonly lastUpdateTime: number;
  /** the configuration with the values of its variables */
  readonly configuration?: Readonly<Record<string, string>> | undefined;
  /** the build that runs it */
  readonly externalId?: string | undefined;
  readonly summary?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** One run of a pipeline. Times in epoch seconds. */
export interface Execution {
  readonly id: string;
  readonly pipeline: string;
  /** of the pipeline's definition that it runs by */
  readonly version: number;
  /** its place among the executions of its pipeline, from 1 */
  readonly number: number;
  readonly status: Status;
  readonly statusSummary?: string | undefined;
  /** it has its turn; before, it waits for others of its pipeline */
  readonly begun: boolean;
  readonly startTime: number;
  readonly lastUpdateTime: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly trigger: { readonly triggerType: string; readonly triggerDetail: string };
  /** by source action: the key and version that stand in for its configured ones */
  readonly overrides: Readonly<Record<string, Override>>;
  readonly revisions: readonly Revision[];
  readonly artifacts: Readonly<Record<string, StoredArtifact>>;
  /** in the order in which they began */
  readonly actions: readonly ActionExecution[];
  /** an operator has asked for its end */
  readonly stop?: { readonly abandon: boolean; readonly reason: string } | undefined;
}

export interface Override {
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
}

export const hasEnded = ({ status }: Pick<Execution, 'status'>): boolean =>
  status !== 'InProgress' && status !== 'Stopping';

export const seconds = (): number => Date.now() / 1000;
