import type { Cloud } from '../../../core/cloud.ts';
import { StateNotWritten } from '../../../core/not-written.ts';
import { AGAIN_MS } from '../../../core/until-written.ts';
import { readDefinition } from '../definition/read.ts';
import type { Definition } from '../definition/schema.ts';
import type { KnownTexts } from '../known-texts.ts';
import { parseJson } from '../payload/json.ts';
import { definitionText, type Execution, type KeptPosition, type Position, type Tables } from '../tables.ts';
import type { TaskOf } from '../task/task.ts';
import { positionOf, textOf } from '../texts.ts';
import type { Branch } from './branch.ts';
import { type ExecutionEnd, ExecutionEnded, endOf, finish } from './end.ts';
import { Journal } from './journal.ts';
import { Place, Places } from './places.ts';
import { enter, runInner, runStates } from './run-states.ts';
import { Halt, withTimeout } from './signals.ts';
import { publishEnd } from './status-change-event.ts';

interface Running {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

// Most wait for a function, of which fewer run at once (core/workers.ts): more executions make nothing faster.
export const RUNNING_AT_ONCE = 32;

/**
 * Runs executions, each from the position that the store has for it. A few run at once; the others wait on disk.
 *
 * The states are interpreted here and not by `aws-local-stepfunctions`: that engine (3.0.0) cannot begin in the
 * middle, which a restart and a redrive need, has no events for a task's attempts, and takes every backslash out of
 * what an intrinsic function gives, so that States.JsonToString of a quote is no JSON.
 */
export class Executor {
  private readonly running = new Map<string, Running>();
  private readonly places: Places;
  private readonly definitions = new Map<string, Definition>();
  private halted = false;
  /** those that stand still, which is said once of each */
  private readonly still = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
    private readonly taskOf: TaskOf,
  ) {
    const { foreground } = cloud;
    this.places = new Places(
      () => foreground.room(RUNNING_AT_ONCE),
      (arn) => this.begin(arn),
    );
    foreground.onQuiet(() => this.places.callNext());
  }

  /** Goes on with an execution once it is its turn. After `halt` nothing is launched: the next start of the process does it. */
  launch(arn: string): void {
    if (!this.halted) this.places.wait(arn);
  }

  /** Ends an execution; the end is on disk when this resolves. */
  async stop(arn: string, error: string | undefined, cause: string | undefined): Promise<void> {
    // One that waits in line is not waited for.
    if (!this.running.has(arn) && this.begin(arn)) this.places.take();
    const running = this.running.get(arn);
    running?.controller.abort(new ExecutionEnded('ABORTED', error, cause));
    await running?.done;
  }

  /** Ends all work of this process; the executions stay as they are. */
  async halt(): Promise<void> {
    this.halted = true;
    this.places.close();
    const all = [...this.running.values()];
    for (const { controller } of all) controller.abort(new Halt());
    await Promise.all(all.map(({ done }) => done));
  }

  /** Goes on with the executions that a former process left running. */
  async resume(): Promise<void> {
    for (const { key } of [...this.tables.untold.entries()]) await this.tell(String(key));
    for (const { key } of [...this.tables.positions.entries()]) this.launch(String(key));
  }

  /** Begins with an execution that has a place, which it gives back at its end. */
  private begin(arn: string): boolean {
    const former = this.running.get(arn);
    if (former) {
      // Redriven while its end was still being told.
      void former.done.then(() => this.launch(arn));
      return false;
    }
    const execution = this.tables.executions.get(arn);
    const kept = this.tables.positions.get(arn);
    // It may have been stopped as it waited in line.
    if (execution?.status !== 'RUNNING' || !kept) return false;
    const controller = new AbortController();
    const done = this.run(execution, kept, controller.signal)
      .catch((error: unknown) => this.standStill(arn, error))
      .finally(() => {
        this.running.delete(arn);
        this.places.leave();
      });
    this.running.set(arn, { controller, done });
    return true;
  }

  /** What is on disk of an execution is whole: the execution goes on from there, as after a restart. */
  private standStill(arn: string, error: unknown): void {
    const isPassing = error instanceof StateNotWritten;
    if (isPassing) setTimeout(() => this.launch(arn), AGAIN_MS).unref();
    if (this.still.has(arn)) return;
    this.still.add(arn);
    const until = isPassing ? 'it can be written' : 'the next start';
    this.cloud.warn(`${arn} stands still until ${until}: ${String(error)}`);
  }

  private async run(execution: Execution, kept: KeptPosition | Position, signal: AbortSignal): Promise<void> {
    const journal = new Journal(this.tables, execution.arn);
    const position = positionOf(this.tables, execution.arn, kept, journal.known);
    const end = await this.endOf(execution, position, journal, signal);
    if (end) finish(this.tables, journal, execution, end);
    await journal.flushed();
    this.still.delete(execution.arn);
    if (end) await this.tell(execution.arn, journal.known);
  }

  /** Tells EventBridge of an end, and again until it takes the event. */
  private async tell(arn: string, known?: KnownTexts, tries = 1): Promise<void> {
    if (this.halted) return;
    try {
      await publishEnd(this.cloud, this.tables, arn, known);
    } catch (error) {
      if (tries === 1) this.cloud.warn(`EventBridge is told of the end of ${arn} later: ${String(error)}`);
      setTimeout(() => void this.tell(arn, known, tries + 1), AGAIN_MS).unref();
    }
  }

  /** The end of the execution; undefined if the process ends first. */
  private async endOf(
    execution: Execution,
    position: Position,
    journal: Journal,
    signal: AbortSignal,
  ): Promise<ExecutionEnd | undefined> {
    const { cloud, taskOf } = this;
    try {
      const place = new Place(this.places, () => journal.known.clear());
      const run = {
        cloud,
        execution,
        input: parseJson(textOf(this.tables, execution.arn, execution.input, journal.known)),
        journal,
        taskOf,
        runInner,
        place,
      };
      const definition = this.definitionOf(execution);
      const since = execution.redriveDate ?? execution.startDate;
      const deadline = definition.TimeoutSeconds && since + definition.TimeoutSeconds * 1000;
      const output = await withTimeout(signal, deadline, timedOut, (inner) => {
        const branch: Branch = { run, signal: inner, top: true, lastId: firstLink(journal) };
        return runStates(branch, definition, entered(branch, definition, position));
      });
      return { status: 'SUCCEEDED', output: JSON.stringify(output) };
    } catch (error) {
      if (!(error instanceof StateNotWritten)) return endOf(error);
      await journal.flushed();
      throw error;
    }
  }

  /** The definition of a machine or an execution. */
  definitionOf(execution: Pick<Execution, 'definitionId'>): Definition {
    const known = this.definitions.get(execution.definitionId);
    if (known) return known;
    const definition = readDefinition(definitionText(this.tables, execution), this.taskOf);
    this.definitions.set(execution.definitionId, definition);
    return definition;
  }
}

/** The first state's events are behind none, as on AWS, and not behind the execution's start. */
const firstLink = ({ last }: Journal): number => (last === 1 ? 0 : last);

function entered(branch: Branch, definition: Definition, position: Position): Position {
  return position.enteredId > 0 ? position : enter(branch, definition, position.state, position.input);
}

function timedOut(): ExecutionEnded {
  return new ExecutionEnded('TIMED_OUT', undefined, undefined);
}
