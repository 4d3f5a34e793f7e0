import './silence.ts';
import type { Context } from 'aws-lambda';
import { handler as claim } from '../../../functions/claim/index.ts';
import { handler as publish } from '../../../functions/publish/index.ts';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { handler as report } from '../../../functions/report/index.ts';
import { handler as retire } from '../../../functions/retire/index.ts';
import { pointerKey } from '../../../functions/shared/artifact.ts';
import { handler as startPipeline } from '../../../functions/start-pipeline/index.ts';
import { REPORT_SECONDS, START_SECONDS, STEP_SECONDS } from '../../../statemachine/states.ts';
import type { Steps } from '../functions/steps.ts';
import { type Calls, gateCalls, type Invocation, type Observed } from './calls.ts';
import { type Ending, execute, TaskError } from './interpreter.ts';
import { type Random, random } from './random.ts';
import { type Rule, ruleNamed, type Scenario, type Telling } from './scenario.ts';
import { chooser, type Decision, type Thread, type Threads, threads } from './threads.ts';

/** What one execution came to, and when; a moment is the number of calls made before. */
export interface Execution {
  readonly arn: string;
  readonly key: string;
  readonly rule: Rule;
  readonly telling: Telling;
  claimed: boolean;
  lookUp?: { readonly token: number; readonly tip: number };
  publish?: { readonly began: number; readonly ended: number; readonly outcome: string };
  /** when its last call of Publish or StartPipeline began */
  decided: number;
  ended?: number;
  ending?: Ending;
  /** an error was made up, or its pull failed */
  faulty: boolean;
  deaths: number;
}

/** A pipeline that was started, and where the host stood. */
export interface Started {
  readonly pipeline: string;
  readonly commit: number;
  readonly execution: Execution;
  /** how many changes the host had made */
  readonly changes: number;
}

export interface History {
  readonly scenario: Scenario;
  readonly executions: Execution[];
  readonly started: Started[];
  /** what each pointer showed, one after the other, by its key; 0 for nothing */
  readonly pointers: Map<string, number[]>;
  readonly trace: string[];
  /** whether the planned call came */
  readonly broke: () => boolean;
  /** what was wrong while it ran */
  readonly wrong: string[];
  pointerOf(rule: Rule): string;
}

export const sha = (n: number): string => n.toString(16).padStart(40, '0');
const numberOf = (commit: string): number => (commit === '' ? 0 : Number.parseInt(commit, 16));
const TAG = 4096;
const EPOCH = Date.parse('2026-01-01T00:00:00Z');

const HANDLERS: Readonly<
  Record<string, { handler: (event: unknown, context: Context) => Promise<unknown>; seconds: number }>
> = {
  claim: { handler: claim, seconds: 30 },
  publish: { handler: publish, seconds: STEP_SECONDS - 10 },
  retire: { handler: retire, seconds: STEP_SECONDS - 10 },
  'start-pipeline': { handler: startPipeline, seconds: START_SECONDS },
  report: { handler: report, seconds: REPORT_SECONDS },
};

/** What the functions that are left out answer. */
const WELL: Readonly<Record<string, object>> = {
  claim: { outcome: 'Claimed' },
  publish: { outcome: 'Published', startPipeline: false },
  retire: { outcome: 'RefRetired' },
  report: { status: 'off', reason: '', error: 'Failed', message: '' },
  // A pull that fails here fails for good: a pull that is begun again is another look-up, as that of a redelivery is.
  diagnose: { Error: 'PullFailed', Cause: '', again: false, seconds: 0, attempts: 1, since: '' },
};

let runs = 0;

/** Runs a scenario: before each call of AWS, the schedule's seed decides who goes on, and who breaks off. */
export async function run(steps: Steps, scenario: Scenario, seed: number): Promise<History> {
  const world = new World(steps, scenario, random(seed), `r${++runs}`);
  try {
    await world.run();
  } finally {
    world.close();
  }
  return world.history;
}

class World {
  readonly history: History;
  private readonly threads: Threads = threads(EPOCH);
  private readonly calls: Calls;
  private readonly realNow = Date.now;
  private readonly invocations = new Set<Invocation>();
  private readonly byArn = new Map<string, Execution>();
  private readonly startedBy = new Map<string, string>();
  private tip = 0;
  private changes = 0;
  private made = 0;
  private broke = false;

  constructor(
    private readonly steps: Steps,
    private readonly scenario: Scenario,
    private readonly random: Random,
    private readonly id: string,
  ) {
    this.history = {
      scenario,
      executions: [],
      started: [],
      pointers: new Map(),
      trace: [],
      broke: () => this.broke,
      wrong: [],
      pointerOf: (rule) => this.pointerOf(rule),
    };
    this.calls = gateCalls(this.threads, (observed, call) => this.observe(observed, call));
    Date.now = () => this.threads.now();
    steps.onStart = ({ pipeline, key, clientRequestToken }) => this.starts(pipeline, key, clientRequestToken);
  }

  close(): void {
    Date.now = this.realNow;
    this.steps.onStart = () => {};
    this.steps.refusesToStart = undefined;
    this.calls.close();
  }

  async run(): Promise<void> {
    this.threads.spawn('host', (thread) => this.host(thread));
    const choose = chooser(this.random, this.scenario.restless);
    for (let step = 0; step < 20_000; step++) {
      await this.threads.settled();
      const ready = this.threads.all.filter(({ label }) => label !== undefined);
      if (ready.length > 0) {
        this.letOn(choose(ready));
        continue;
      }
      const asleep = this.threads.all.filter(({ wakes }) => wakes !== undefined);
      if (asleep.length === 0) break;
      this.wake(asleep);
    }
    for (const error of this.threads.errors) this.history.wrong.push(`a thread threw ${String(error)}`);
    if (this.threads.all.some(({ ended }) => !ended)) this.history.wrong.push('an execution never ended');
  }

  private letOn(thread: Thread): void {
    const decision = this.decide(thread);
    this.made += 1;
    this.history.trace.push(`${thread.name}: ${thread.label}${decision === 'go' ? '' : ` [${decision}]`}`);
    this.threads.resume(thread, decision);
  }

  private wake(asleep: readonly Thread[]): void {
    const first = asleep.reduce((one, other) => ((one.wakes ?? 0) <= (other.wakes ?? 0) ? one : other));
    this.threads.advance(Math.max(0, (first.wakes ?? 0) - this.threads.now()));
    this.history.trace.push(`${first.name}: tries again`);
    this.threads.resume(first, 'go');
  }

  private decide(thread: Thread): Decision {
    const invocation = [...this.invocations].find((each) => each.thread === thread);
    const { faults, planned } = this.scenario;
    if (!invocation) return 'go';
    if (planned && planned.name === invocation.name && planned.call === invocation.calls && !this.broke) {
      this.broke = true;
      return planned.decision;
    }
    const execution = this.byArn.get(invocation.executionArn);
    // A clock that jumps while a lease is given back: by then it is another's.
    if (thread.label?.includes('REMOVE lock') && faults > 0 && this.random.chance(0.1))
      this.threads.advance(25_000);
    if (!execution || execution.deaths >= 2 || !this.random.chance(faults * 2)) return 'go';
    execution.deaths += 1;
    return this.random.pick<Decision>(
      invocation.thread.name.endsWith('(cut off)')
        ? ['die-before', 'die-after']
        : ['die-before', 'die-before', 'die-after', 'die-after', 'cut', 'fail'],
    );
  }

  private async host(thread: Thread): Promise<void> {
    for (const step of this.scenario.steps) {
      await thread.pause(
        'change' in step ? `the ref comes to ${step.change.commit}` : `tells ${this.words(step.telling)}`,
      );
      if ('change' in step) {
        this.changes += 1;
        this.tip = step.change.commit;
        this.threads.advance(1000);
      } else for (const name of step.telling.rules) this.begin(ruleNamed(name), step.telling);
    }
  }

  private words({ change, deliveryId, replayName, rules }: Telling): string {
    return `change ${change} as ${deliveryId}${replayName && ` in ${replayName}`} to ${rules.join(', ') || 'no rule'}`;
  }

  private begin(rule: Rule, telling: Telling): void {
    const { deliveryId, replayName } = telling;
    const arn = `arn:aws:states:us-east-1:0:execution:m:${this.id}-${this.history.executions.length}`;
    const key = `${rule.name}#${this.id}#${deliveryId}#${replayName}`;
    const execution: Execution = {
      arn,
      key,
      rule,
      telling,
      claimed: false,
      decided: 0,
      faulty: false,
      deaths: 0,
    };
    this.history.executions.push(execution);
    this.byArn.set(arn, execution);
    this.steps.executions.set(arn, 'RUNNING');
    const name = `${deliveryId}${replayName && `/${replayName}`} ${rule.name} #${this.history.executions.length}`;
    this.threads.spawn(name, async (thread) => {
      const ending = await execute(this.input(execution), {
        executionArn: arn,
        random: this.random,
        sleep: (ms) => thread.sleep(ms),
        task: (state, task, payload) => this.task(thread, execution, state, task, payload),
      });
      execution.ending = ending;
      execution.ended = this.made;
      this.history.trace.push(`${name}: ends in ${ending.outcome} ${ending.error ?? ''}`);
      this.steps.executions.set(arn, ending.failed ? 'FAILED' : 'SUCCEEDED');
    });
  }

  private input({ key, rule, telling }: Execution): Record<string, unknown> {
    const { change, deliveryId, event, replayName } = telling;
    const commit = this.commitOf(change);
    const before = this.commitOf(change - 1);
    const pushed = {
      ...(before ? { before: this.idOf(before) } : {}),
      ...(this.scenario.hostTimes ? { pushedAt: EPOCH / 1000 + change } : {}),
    };
    const late = /late$/.test(deliveryId) || change < this.changes;
    const told = replayName === '' && late ? 500 + this.changes : change;
    return {
      delivery: {
        provider: 'github',
        host: 'github.com',
        id: deliveryId,
        event,
        repository: { fullName: 'acme/app' },
        ref: this.ref(),
        ...(event === 'push' ? pushed : {}),
        ...(commit ? { commit: event === 'push' ? this.idOf(commit) : sha(commit) } : { deleted: true }),
      },
      rule: {
        name: rule.name,
        pull: { submodules: rule.submodules, lfs: false, git: false, compute: 'lambda' },
        ...(rule.pipeline ? { pipeline: { name: rule.pipeline, variables: {} } } : {}),
        status: false,
        superseded: rule.superseded,
      },
      route: commit ? 'pull' : 'retire',
      replayName,
      time: new Date(EPOCH + told * 1000).toISOString(),
      key,
    };
  }

  private ref(): string {
    return `refs/${this.scenario.tag ? 'tags' : 'heads'}/${this.id}`;
  }

  private pointerOf(rule: Rule): string {
    const options = { submodules: rule.submodules, lfs: false, git: false };
    return pointerKey({ host: 'github.com', fullName: 'acme/app' }, options, this.ref());
  }

  private commitOf(change: number): number {
    const changes = this.scenario.steps.flatMap((step) => ('change' in step ? step.change : []));
    return changes[change - 1]?.commit ?? 0;
  }

  /** What a push names: of a tag, the tag's own object. */
  private idOf(commit: number): string {
    return sha(this.scenario.tag ? commit + TAG : commit);
  }

  private async task(
    thread: Thread,
    execution: Execution,
    state: string,
    name: string,
    payload: Record<string, unknown>,
  ): Promise<unknown> {
    if (name === 'pull') return this.pull(thread, execution);
    const began = this.made;
    if (name === 'publish' || name === 'start-pipeline') execution.decided = began;
    const answer = this.scenario.functions.includes(name)
      ? await this.invoke(thread, execution, name, payload)
      : (WELL[name] ?? {});
    const { outcome } = Object(answer);
    if (!this.scenario.functions.includes(name)) return answer;
    if (name === 'claim') this.claimed(execution, outcome);
    if (name === 'publish' || name === 'retire') execution.publish = { began, ended: this.made, outcome };
    this.history.trace.push(`${thread.name}: ${state} answers ${outcome ?? 'done'}`);
    return answer;
  }

  private claimed(execution: Execution, outcome: string): void {
    if (outcome === 'Duplicate') return;
    execution.claimed = true;
    const others = this.history.executions.filter(
      (other) => other !== execution && other.key === execution.key && other.claimed && !other.ending?.failed,
    );
    if (others.length > 0) this.history.wrong.push(`${execution.key} is held by two executions (I2)`);
  }

  private async pull(thread: Thread, execution: Execution): Promise<unknown> {
    const token = await this.invocation(thread, execution, 'pull', () =>
      nextToken(this.pointerOf(execution.rule)),
    ).catch(() => {
      execution.faulty = true;
      throw new TaskError('PullFailed');
    });
    await thread.pause('looks the ref up');
    const { tip } = this;
    execution.lookUp = { token, tip };
    this.history.trace.push(`${thread.name}: token ${token} found ${tip}`);
    if (this.random.chance(this.scenario.pullsFail)) {
      execution.faulty = true;
      throw new TaskError('PullFailed');
    }
    const commit = this.commitOf(execution.telling.change) || tip;
    const nothing = { tip: '', key: '', versionId: '', tipKey: '', bytes: '' };
    if (tip === 0) return { outcome: 'gone', token: String(token), commit: '', ...nothing };
    return {
      outcome: 'pulled',
      token: String(token),
      commit: sha(commit),
      tip: sha(tip),
      key: `commits/${sha(commit)}.zip`,
      versionId: 'v',
      tipKey: `commits/${sha(tip)}.zip`,
      bytes: '1',
    };
  }

  private invoke(thread: Thread, execution: Execution, name: string, payload: unknown): Promise<unknown> {
    const { handler, seconds } = HANDLERS[name] ?? HANDLERS.claim ?? { handler: claim, seconds: 30 };
    const began = this.threads.now();
    const context = {
      functionName: name,
      awsRequestId: `${execution.arn} ${this.made}`,
      getRemainingTimeInMillis: () => began + seconds * 1000 - this.threads.now(),
    } as Context;
    return this.invocation(thread, execution, name, () => handler(payload, context));
  }

  private invocation<T>(
    thread: Thread,
    execution: Execution,
    name: string,
    work: () => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const invocation: Invocation = {
        thread,
        executionArn: execution.arn,
        name,
        calls: 0,
        failed: false,
        dead: false,
        broken: (error) => {
          if (invocation.dead) this.over(invocation, thread);
          reject(new TaskError(error));
        },
      };
      this.invocations.add(invocation);
      this.calls.run(invocation, work).then(
        (value) => {
          this.over(invocation, thread);
          resolve(value);
        },
        (error: unknown) => {
          this.over(invocation, thread);
          if (invocation.failed) execution.faulty = true;
          reject(error instanceof Error ? new TaskError(error.name, error.message) : error);
        },
      );
    });
  }

  private over(invocation: Invocation, thread: Thread): void {
    this.invocations.delete(invocation);
    if (invocation.thread !== thread) this.threads.end(invocation.thread);
  }

  private starts(pipeline: string, key: string, token: string): void {
    const commit = numberOf(/commits\/(\w+)\.zip/.exec(key)?.[1] ?? '');
    if (this.scenario.refused.includes(commit)) {
      this.steps.refusesToStart = { name: 'InvalidStructure', status: 400 };
      return;
    }
    this.steps.refusesToStart = undefined;
    const arn = this.starter;
    const execution = this.byArn.get(arn);
    if (!execution || this.startedBy.has(token)) return;
    this.startedBy.set(token, arn);
    this.history.started.push({ pipeline, commit, execution, changes: this.changes });
    this.history.trace.push(`** ${pipeline} is started on ${commit}`);
  }

  /** who makes the call that is made now */
  private starter = '';

  private async observe(
    { command, input, invocation }: Observed,
    call: () => Promise<unknown>,
  ): Promise<unknown> {
    const { Key, UpdateExpression } = Object(input);
    if (command === 'StartPipelineExecution') this.starter = invocation.executionArn;
    const releases = String(UpdateExpression) === 'REMOVE #lock';
    const before = releases ? await this.lockOf(Key.id) : undefined;
    try {
      return await call();
    } finally {
      if (before && before !== invocation.executionArn && (await this.lockOf(Key.id)) === undefined)
        this.history.wrong.push(`the lease of ${before} was released by ${invocation.executionArn}`);
      if (command === 'CopyObject' || command === 'DeleteObject') await this.look(String(Key));
    }
  }

  private async lockOf(id: string): Promise<string | undefined> {
    const record = await this.steps.record('refs', id);
    return Object(record?.lock).owner;
  }

  private async look(key: string): Promise<void> {
    const commit = numberOf(await this.steps.objectCommit(key));
    const seen = this.history.pointers.get(key) ?? [];
    if (seen.at(-1) === commit) return;
    this.history.trace.push(`** the pointer shows ${commit}`);
    this.history.pointers.set(key, [...seen, commit]);
  }
}
