import type { Cloud } from '../../core/cloud.ts';
import { AGAIN_MS } from '../../core/until-written.ts';
import type { Execution, Status } from './execution.ts';
import type { Tables, Untold } from './tables.ts';

/** The states of an execution as its events name them: RESUMED and CANCELED do not come about here. */
const STATES: Readonly<Record<Status, string>> = {
  InProgress: 'STARTED',
  Stopping: 'STOPPING',
  Stopped: 'STOPPED',
  Succeeded: 'SUCCEEDED',
  Superseded: 'SUPERSEDED',
  Failed: 'FAILED',
};

// No execution has come to more.
const STARTED = 0;
const STOPPING = 1;
const ENDED = 2;

/** Writes down that an execution's status has changed, so that the default bus is told of it. */
export function noteChange({ untold }: Tables, { id, pipeline, number, status }: Execution): Promise<void> {
  const place = status === 'InProgress' ? STARTED : status === 'Stopping' ? STOPPING : ENDED;
  return untold.put([pipeline, number, place], { id, status, time: Date.now() });
}

/**
 * Puts the events of executions on the default bus, as CodePipeline does: a change that could not be told is told again.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export class StateChangeEvents {
  private last = Promise.resolve();
  private again: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
  ) {}

  /** Tells of every noted change, one after the other. */
  publish(): Promise<void> {
    this.last = this.last.then(() => this.publishNoted());
    return this.last;
  }

  /** Resolves when nothing is being told any more; what could not be told is left to the next start. */
  close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.again);
    return this.last;
  }

  private async publishNoted(): Promise<void> {
    const { cloud, tables } = this;
    try {
      for (const { key, value } of [...tables.untold.entries()]) {
        const execution = tables.executions.get(value.id);
        // Its pipeline was deleted before anybody could be told.
        if (!execution) {
          await tables.untold.remove(key);
          continue;
        }
        const Entries = [this.eventOf(value, execution)];
        await cloud.call('events', 'PutEvents', { Entries }, cloud.acting('codepipeline.amazonaws.com'));
        await tables.untold.remove(key);
      }
      this.again = undefined;
    } catch (error) {
      // One warning for all the tries of a full disk.
      if (!this.again)
        cloud.warn(`EventBridge is told later what became of a pipeline execution: ${String(error)}`);
      if (!this.closed) this.again = setTimeout(() => void this.publish(), AGAIN_MS).unref();
    }
  }

  private eventOf({ id, status, time }: Untold, execution: Execution): object {
    const { pipeline, version, startTime, trigger, stop } = execution;
    const detail = {
      pipeline,
      'execution-id': id,
      'start-time': new Date(startTime * 1000).toISOString(),
      ...(status === 'InProgress' && {
        'execution-trigger': {
          'trigger-type': trigger.triggerType,
          'trigger-detail': trigger.triggerDetail,
        },
      }),
      state: STATES[status],
      version,
      'pipeline-execution-attempt': 1,
      ...(status === 'Stopping' && stop && { 'stop-execution-comments': stop.reason }),
    };
    return {
      Time: time / 1000,
      Source: 'aws.codepipeline',
      DetailType: 'CodePipeline Pipeline Execution State Change',
      Detail: JSON.stringify(detail),
      Resources: [`arn:aws:codepipeline:${this.cloud.region}:${this.cloud.account}:${pipeline}`],
    };
  }
}
