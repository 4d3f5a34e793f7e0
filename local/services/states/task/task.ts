import type { Cloud, Principal } from '../../../core/cloud.ts';
import type { Json } from '../payload/json.ts';

/** What a task works with. */
export interface TaskRequest {
  readonly cloud: Cloud;
  /** the machine's role */
  readonly principal: Principal;
  readonly parameters: Json;
  /** ends at a stop, a timeout, or the end of the process */
  readonly signal: AbortSignal;
  /** the job that this state had started before the process ended */
  readonly submitted: Json | undefined;
  /** records the job that the task waits for */
  submit(answer: Json): Promise<void>;
}

/** The work behind a Task's Resource. */
export interface Task {
  /** as the history names it: `lambda` */
  readonly resourceType: string;
  /** as the history names it: `invoke` */
  readonly resource: string;
  /** a function's own ARN has events of its own type */
  readonly events: 'Task' | 'LambdaFunction';
  /** for a job that runs elsewhere: the execution leaves its place to others meanwhile */
  readonly isJob?: true;
  /**
   * Resolves when the work may begin, with what is called at its end; the state's time begins then. AWS runs as many of
   * a function as come, where here they wait in line.
   */
  turn?(request: Pick<TaskRequest, 'cloud' | 'parameters' | 'signal'>): Promise<() => void>;
  /** @throws AwsError InvalidDefinition for Parameters that the task does not take, as they stand in the definition */
  check?(parameters: Json, cloud: Pick<Cloud, 'inputOf'>): void;
  /** @throws StateError */
  run(request: TaskRequest): Promise<Json>;
}

/** @throws AwsError unsupported */
export type TaskOf = (resource: string) => Task;
