import { askedSchema } from '../../../events/asked.ts';
import { isBehind } from '../../../functions/pull/behind.ts';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { lookUntilOnRef } from '../../../functions/pull/look.ts';
import { LEASE_MS, madeOnce } from '../../../functions/pull/made-once.ts';
import type { Tip } from '../../../functions/pull/tip.ts';
import { errors } from '../../../statemachine/errors.ts';
import { outcomes } from '../../../statemachine/outcomes.ts';
import { type Execution, type History, numberOf, sha } from './history.ts';
import type { Host } from './host.ts';
import { TaskError } from './interpreter.ts';
import type { Invocations } from './invocations.ts';
import type { Random } from './random.ts';
import type { Thread } from './threads.ts';

/** What the functions that are left out answer. */
const WELL: Readonly<Record<string, object>> = {
  claim: { outcome: 'Claimed' },
  publish: { outcome: 'Published', startPipeline: false },
  retire: { outcome: 'RefRetired' },
  report: { status: 'off', reason: '', error: 'Failed', message: '' },
  // A pull that fails here fails for good: a pull that is begun again is another look-up, as that of a redelivery is.
  diagnose: { Error: 'PullFailed', Cause: '', again: false, seconds: 0, attempts: 1, since: '' },
};

/** What the machine's tasks do: the functions of the scenario are invoked, and a pull looks up where the host stands. */
export class Tasks {
  constructor(
    private readonly invocations: Invocations,
    private readonly history: History,
    private readonly host: Host,
    private readonly random: Random,
  ) {}

  /** Does what a state asks for, and answers as its function or build does. @throws TaskError */
  async run(
    thread: Thread,
    execution: Execution,
    state: string,
    name: string,
    payload: Record<string, unknown>,
  ): Promise<unknown> {
    if (name === 'pull') return this.pull(thread, execution, payload);
    const began = this.history.calls;
    if (name === 'publish' || name === 'start-pipeline') execution.decided = began;
    if (!this.history.scenario.functions.includes(name)) return WELL[name] ?? {};
    const ended = (outcome: string): void => {
      execution.publish = { began, ended: this.history.calls, outcome };
    };
    const answer = await this.invocations
      .invoke(thread, execution, name, payload, `${execution.arn} ${began}`)
      .catch((error: Error) => {
        // The pointer has moved all the same.
        if (error.name === errors.commitNotOnRef) ended(outcomes.superseded);
        throw error;
      });
    const { outcome } = Object(answer);
    if (name === 'claim') this.claimed(execution, outcome);
    if ((name === 'publish' || name === 'retire') && outcome !== 'Behind') ended(outcome);
    this.history.trace.push(`${thread.name}: ${state} answers ${outcome ?? 'done'}`);
    return answer;
  }

  /** What the default bus tells RecordEnd of an execution that failed. Lambda asks twice more for an event. */
  async recordEnd(thread: Thread, execution: Execution): Promise<void> {
    const { functions } = this.history.scenario;
    if (!functions.includes('claim') || !functions.includes('report')) return;
    const event = { detail: { executionArn: execution.arn } };
    for (const seconds of [60, 120, 0]) {
      try {
        await this.invocations.invoke(thread, execution, 'record-end', event, execution.arn);
        return;
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        await thread.sleep(seconds * 1000);
      }
    }
  }

  /** The artifact of a commit, made or waited for; of a run, each is there once somebody has made it. */
  private async make(thread: Thread, execution: Execution, commit: number): Promise<void> {
    const { made, making } = this.history;
    const key = `${this.host.pointerOf(execution.rule)}/${commit}.zip`;
    const found = () => (made.has(key) ? key : undefined);
    if (found()) return;
    const make = async (current: Thread) => {
      const now = current.now();
      if ((making.get(key) ?? 0) >= now) this.history.wrong.push(`two builds make ${key} at once`);
      making.set(key, now + LEASE_MS);
      await current.pause(`makes ${commit}`);
      making.delete(key);
      made.add(key);
      return key;
    };
    const work = (current: () => Thread) =>
      madeOnce({
        key,
        find: async () => found(),
        make: () => make(current()),
        wait: (ms) => current().sleep(ms),
      });
    await this.invocations.run(thread, execution, 'pull', work).catch(() => {
      execution.faulty = true;
      throw new TaskError('PullFailed');
    });
  }

  private claimed(execution: Execution, outcome: string): void {
    if (outcome === 'Duplicate') return;
    execution.claimed = true;
    const others = this.history.executions.filter(
      (other) => other !== execution && other.key === execution.key && other.claimed && !other.ending?.failed,
    );
    if (others.length > 0) this.history.wrong.push(`${execution.key} is held by two executions (I2)`);
  }

  private async pull(thread: Thread, execution: Execution, data: Record<string, unknown>): Promise<unknown> {
    const { token, tip: found, behind, onRef } = await this.look(thread, execution, data);
    const tip = found ? numberOf(found.commit) : 0;
    const delivered = this.host.told(execution.telling);
    const nothing = { tip: '', key: '', versionId: '', tipKey: '', bytes: '' };
    execution.gaveWay = behind;
    if (behind) {
      this.history.trace.push(`${thread.name}: token ${token} found ${tip}, and gives way to it`);
      return { ...nothing, outcome: 'behind', token: String(token), commit: delivered, tip: found?.id };
    }
    execution.lookUp = { token, tip };
    execution.offRef = !onRef;
    this.history.trace.push(
      `${thread.name}: token ${token} found ${tip}${onRef ? '' : ', which does not hold it'}`,
    );
    if (this.random.chance(this.history.scenario.pullsFail)) {
      execution.faulty = true;
      throw new TaskError('PullFailed');
    }
    if (tip === 0) return { outcome: 'gone', token: String(token), commit: '', ...nothing };
    const commit = this.host.commitOf(execution.telling.change) || tip;
    for (const each of new Set(onRef ? [commit, tip] : [tip])) await this.make(thread, execution, each);
    const seen = { token: String(token), tip: sha(tip), tipKey: `commits/${sha(tip)}.zip` };
    if (!onRef) return { ...nothing, outcome: 'off-ref', commit: delivered, ...seen };
    const artifact = { key: `commits/${sha(commit)}.zip`, versionId: 'v', bytes: '1' };
    return { outcome: 'pulled', commit: sha(commit), ...artifact, ...seen };
  }

  private look(thread: Thread, execution: Execution, data: Record<string, unknown>) {
    const { telling, rule } = execution;
    const asked = askedSchema.parse(data.asked);
    const isDeletion = this.host.commitOf(telling.change) === 0;
    const delivered = isDeletion ? undefined : this.host.told(telling);
    const looking = (current: () => Thread) => ({
      lookUp: async () => {
        const taken = await nextToken(this.host.pointerOf(rule));
        await current().pause('looks the ref up');
        const tip = this.host.found();
        return { ...taken, tip, behind: isBehind({ asked, delivered }, taken.claimed, tip) };
      },
      isOnRef: async ({ commit }: Tip) => isDeletion || this.host.holds(telling, numberOf(commit)),
      wait: (ms: number) => current().sleep(ms),
      say: () => {},
    });
    return this.invocations
      .run(thread, execution, 'pull', (current) =>
        lookUntilOnRef({ asked, delivered, ref: '' }, looking(current)),
      )
      .catch(() => {
        execution.faulty = true;
        throw new TaskError('PullFailed');
      });
  }
}
