import './silence.ts';
import type { Steps } from '../functions/steps.ts';
import { deployRules } from '../functions/validate-aws.ts';
import { type Execution, executionOf, type History } from './history.ts';
import { EPOCH, Host, ownPipeline } from './host.ts';
import { execute, TaskError } from './interpreter.ts';
import { Invocations } from './invocations.ts';
import { type Random, random } from './random.ts';
import { type Rule, ruleNamed, type Scenario, type Telling } from './scenario.ts';
import { Tasks } from './tasks.ts';
import { chooser, type Decision, type Thread, type Threads, threads } from './threads.ts';
import { Witness } from './witness.ts';

let runs = 0;
const DAY_MS = 86_400_000;

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

/** A clock that says what time it is in the run. */
const dateOf = (now: () => number) =>
  class extends Date {
    static override now = now;
    constructor(...given: readonly unknown[]) {
      super(...((given.length === 0 ? [now()] : given) as [number]));
    }
  };

class World {
  readonly history: History;
  private readonly threads: Threads = threads(EPOCH);
  private readonly host: Host;
  private readonly witness: Witness;
  private readonly invocations: Invocations;
  private readonly tasks: Tasks;
  private readonly real = { Date, setInterval };
  private broke = false;
  /** whether minutes pass between what happens to the ref */
  private readonly isSlow: boolean;
  private readonly sweeper: Execution = {
    ...{
      arn: 'sweep',
      key: '',
      rule: ruleNamed('own'),
      claimed: false,
      decided: 0,
      faulty: false,
      deaths: 0,
    },
    telling: { change: 0, deliveryId: 'sweep', replayName: '', event: 'push', rules: [] },
  };

  constructor(
    private readonly steps: Steps,
    private readonly scenario: Scenario,
    private readonly random: Random,
    private readonly id: string,
  ) {
    this.isSlow = scenario.rules.some(({ each }) => each);
    this.host = new Host(scenario, id);
    this.history = {
      scenario,
      executions: [],
      started: [],
      pointers: new Map(),
      made: new Set(),
      making: new Map(),
      trace: [],
      calls: 0,
      broke: () => this.broke,
      wrong: [],
      hasOwn: () => this.witness.pipelines.hasOwn(),
      pointerOf: (rule) => this.host.pointerOf(rule),
    };
    this.witness = new Witness(steps, this.history, this.host, () => this.threads.now(), this.random, id);
    const { pipelines } = this.witness;
    const call: Steps['call'] = async (service, operation, input) =>
      service === 'codepipeline' ? pipelines.call(operation, input) : steps.call(service, operation, input);
    this.invocations = new Invocations({ call }, this.threads, (observed, call) =>
      this.witness.observe(observed, call),
    );
    this.tasks = new Tasks(this.invocations, this.history, this.host, this.random);
    deployRules({ name: 'own', pipeline: ownPipeline(id) });
    Reflect.set(
      globalThis,
      'Date',
      dateOf(() => this.threads.now()),
    );
    // A lease is renewed by a timer of real time, of which a run knows nothing.
    Reflect.set(globalThis, 'setInterval', () => undefined);
  }

  close(): void {
    Reflect.set(globalThis, 'Date', this.real.Date);
    Reflect.set(globalThis, 'setInterval', this.real.setInterval);
    this.invocations.close();
  }

  async run(): Promise<void> {
    this.threads.spawn('host', (thread) => this.tell(thread));
    if (this.isSlow)
      this.threads.spawn('sweep', (thread) => this.sweep(thread, 3, () => this.random.below(600_000)));
    await this.turns();
    // What no deletion has taken down, because it failed or was not told of, goes in the days after.
    if (this.isSlow) this.threads.spawn('sweep', (thread) => this.sweep(thread, 8, () => DAY_MS));
    await this.turns();
    for (const error of this.threads.errors) this.history.wrong.push(`a thread threw ${String(error)}`);
    if (this.threads.all.some(({ ended }) => !ended)) this.history.wrong.push('an execution never ended');
  }

  private async sweep(thread: Thread, times: number, pause: () => number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await thread.sleep(pause());
      const began = this.history.calls;
      await this.invocations
        .invoke(thread, this.sweeper, 'sweep', {}, `sweep ${began}`)
        .catch((error: unknown) => {
          if (!(error instanceof TaskError)) throw error;
        });
    }
  }

  private async turns(): Promise<void> {
    const choose = chooser(this.random, this.scenario.restless);
    for (let step = 0; step < 20_000; step++) {
      await this.threads.settled();
      const ready = this.threads.all.filter(({ label }) => label !== undefined);
      const asleep = this.threads.all.filter(({ wakes }) => wakes !== undefined);
      if (ready.length > 0 && !(asleep.length > 0 && this.timePasses(ready))) {
        this.letOn(choose(ready));
        continue;
      }
      if (asleep.length === 0) break;
      this.wake(asleep);
    }
  }

  /** Teardowns run for minutes, in which the ref moves on. No function is at work meanwhile: its leases would end. */
  private timePasses(ready: readonly Thread[]): boolean {
    return this.isSlow && this.random.chance(0.3) && !ready.some((thread) => this.invocations.of(thread));
  }

  private letOn(thread: Thread): void {
    const decision = this.decide(thread);
    this.history.calls += 1;
    this.history.trace.push(`${thread.name}: ${thread.label}${decision === 'go' ? '' : ` [${decision}]`}`);
    this.resume(thread, decision);
  }

  private wake(asleep: readonly Thread[]): void {
    const first = asleep.reduce((one, other) => ((one.wakes ?? 0) <= (other.wakes ?? 0) ? one : other));
    this.threads.advance(Math.max(0, (first.wakes ?? 0) - this.threads.now()));
    this.history.trace.push(`${first.name}: tries again`);
    this.resume(first, 'go');
  }

  private resume(thread: Thread, decision: Decision): void {
    this.invocations.enter(thread);
    this.threads.resume(thread, decision);
  }

  private decide(thread: Thread): Decision {
    const invocation = this.invocations.of(thread);
    const { faults, planned } = this.scenario;
    if (!invocation) return 'go';
    if (planned && planned.name === invocation.name && planned.call === invocation.calls && !this.broke) {
      this.broke = true;
      return planned.decision;
    }
    const isSweep = invocation.executionArn === this.sweeper.arn;
    const execution = isSweep ? this.sweeper : executionOf(this.history, invocation.executionArn);
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

  private async tell(thread: Thread): Promise<void> {
    for (const step of this.scenario.steps) {
      // A branch that is deleted and comes back does so while its teardown runs, or after.
      if (this.isSlow && this.random.chance(0.7)) await thread.sleep(this.random.below(120_000));
      await thread.pause(
        'change' in step ? `the ref comes to ${step.change.commit}` : `tells ${this.words(step.telling)}`,
      );
      if ('change' in step) {
        this.host.change(step.change.commit);
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
    this.steps.executions.set(arn, 'RUNNING');
    const name = `${deliveryId}${replayName && `/${replayName}`} ${rule.name} #${this.history.executions.length}`;
    const input = this.host.machineInput(execution);
    this.threads.spawn(name, async (thread) => {
      await thread.pause('begins');
      const ending = await execute(input, {
        executionArn: arn,
        random: this.random,
        sleep: (ms) => thread.sleep(ms),
        task: (state, task, payload) => this.tasks.run(thread, execution, state, task, payload),
      });
      execution.ending = ending;
      execution.ended = this.history.calls;
      this.history.trace.push(`${name}: ends in ${ending.outcome} ${ending.error ?? ''}`);
      this.steps.executions.set(arn, ending.failed ? 'FAILED' : 'SUCCEEDED');
      if (!ending.failed) return;
      this.steps.described.set(arn, {
        error: ending.error ?? '',
        input: this.host.describedInput(execution),
      });
      await this.tasks.recordEnd(thread, execution);
    });
  }
}
