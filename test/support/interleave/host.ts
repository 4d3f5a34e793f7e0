import type { Tip } from '../../../functions/pull/tip.ts';
import { pointerKey } from '../../../functions/shared/artifact.ts';
import { type Execution, sha } from './history.ts';
import { TEARDOWN } from './pipelines.ts';
import { holds, type Rule, type Scenario, type Telling } from './scenario.ts';

/** When a run begins, in milliseconds. */
export const EPOCH = Date.parse('2026-01-01T00:00:00Z');
/** Seconds between two pushes: people push over a commit that has come back no sooner. */
const APART = 100;
// The id of a tag's own object is that of its commit and so many more.
const TAG = 4096;

/** What a rule says of the pipelines that are a branch's own. @param name of the template, which no other run has */
export const ownPipeline = (name: string) =>
  ({ name, prefix: `${name}-`, each: 'branch', limit: 25, teardown: TEARDOWN, variables: {} }) as const;

/** The git host of a run: where its one ref stands, and what it tells of each change. */
export class Host {
  /** the commit that the ref stands at, 0 when it is gone */
  tip = 0;
  changes = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly id: string,
  ) {}

  change(commit: number): void {
    this.changes += 1;
    this.tip = commit;
  }

  /** What the machine gets for an execution. */
  machineInput({ key, rule, telling }: Execution): Record<string, unknown> {
    const { change, deliveryId, event, replayName } = telling;
    const commit = this.commitOf(change);
    const before = this.commitOf(change - 1);
    const pushed = {
      ...(before ? { before: this.idOf(before) } : {}),
      ...(this.scenario.hostTimes ? { pushedAt: EPOCH / 1000 + change * APART } : {}),
    };
    const skips = commit !== 0 && rule.superseded === 'skip' && replayName === '';
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
        ...(commit ? { commit: this.told(telling) } : { deleted: true }),
      },
      rule: {
        name: rule.name,
        pull: { submodules: rule.submodules, lfs: false, git: false, compute: 'lambda' },
        ...(rule.pipeline ? { pipeline: this.pipelineOf(rule, rule.pipeline) } : {}),
        status: false,
        superseded: rule.superseded,
      },
      asked: { values: [], ...(skips ? { giveWay: rule.name } : {}) },
      route: commit ? 'pull' : 'retire',
      replayName,
      time: new Date(EPOCH + told * APART * 1000).toISOString(),
      key,
    };
  }

  private pipelineOf({ each }: Rule, name: string): object {
    return each ? ownPipeline(this.id) : { name, variables: {} };
  }

  /** The input that Step Functions keeps of an execution, as far as its end is recorded by it. */
  describedInput({ rule, telling: { deliveryId, event, replayName } }: Execution): string {
    const headers = { event, delivery: deliveryId };
    const origin = { rule: rule.name, eventId: 'e', time: new Date(EPOCH).toISOString(), replayName };
    return JSON.stringify({ ...origin, host: this.id, headers });
  }

  private ref(): string {
    return `refs/${this.scenario.tag ? 'tags' : 'heads'}/${this.id}`;
  }

  /** Where the pointer of the ref stands for a rule. */
  pointerOf(rule: Rule): string {
    const options = { submodules: rule.submodules, lfs: false, git: false };
    return pointerKey({ host: 'github.com', fullName: 'acme/app' }, options, this.ref());
  }

  /** The commit that a change came to, 0 for none. */
  commitOf(change: number): number {
    const changes = this.scenario.steps.flatMap((step) => ('change' in step ? step.change : []));
    return changes[change - 1]?.commit ?? 0;
  }

  /** What a telling names. */
  told({ change, event }: Telling): string {
    const commit = this.commitOf(change);
    return event === 'push' ? this.idOf(commit) : sha(commit);
  }

  /** Whether a commit has what a telling names. */
  holds(telling: Telling, commit: number): boolean {
    return holds(this.scenario, this.commitOf(telling.change), commit);
  }

  /** What the host has at the ref, `undefined` when it is gone. */
  found(): Tip | undefined {
    if (this.tip === 0) return undefined;
    return { id: this.idOf(this.tip), commit: sha(this.tip) };
  }

  /** What a push names: of a tag, the tag's own object. */
  private idOf(commit: number): string {
    return sha(this.scenario.tag ? commit + TAG : commit);
  }
}
