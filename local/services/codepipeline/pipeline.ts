/** A pipeline, of the template or made by a call. */
export interface Pipeline {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'V1' | 'V2';
  readonly mode: 'QUEUED' | 'SUPERSEDED' | 'PARALLEL';
  /** the bucket of its artifacts */
  readonly store: string;
  readonly stages: readonly Stage[];
  readonly variables: readonly Variable[];
}

export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
}

interface Variable {
  readonly name: string;
  readonly defaultValue?: string | undefined;
  readonly description?: string | undefined;
}

/** One action of a pipeline's stage. */
export interface Action {
  readonly name: string;
  readonly category: 'Source' | 'Build' | 'Test';
  readonly provider: 'S3' | 'CodeBuild';
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** the action's own role, or else the pipeline's */
  readonly roleArn: string;
  /** whether the template gives the action a role of its own */
  readonly ownRole: boolean;
  readonly runOrder: number;
  readonly namespace?: string | undefined;
}

/** The actions of a stage in groups, in the order in which they run; the actions of one group run at once. */
export function groupsOf({ actions }: Stage): Action[][] {
  const orders = [...new Set(actions.map(({ runOrder }) => runOrder))].sort((a, b) => a - b);
  return orders.map((order) => actions.filter(({ runOrder }) => runOrder === order));
}
