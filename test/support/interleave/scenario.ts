import { type Random, random } from './random.ts';
import type { Decision } from './threads.ts';

/** A rule of the run, of which the steps know no more. */
export interface Rule {
  readonly name: string;
  readonly pipeline: string | undefined;
  readonly superseded: 'stop' | 'start' | 'skip';
  readonly submodules: boolean;
  /** a pipeline for each branch, made from a template */
  readonly each?: 'branch';
}

/** One telling of a change of the ref: an event on the bus. */
export interface Telling {
  /** of the change, the 1st of the run is 1 */
  readonly change: number;
  readonly deliveryId: string;
  readonly replayName: string;
  /** a pull request tells of a commit and of nothing around it */
  readonly event: 'push' | 'pull_request';
  /** the rules that take the event */
  readonly rules: readonly string[];
}

/** What the host does to the ref: it is put to a commit, or removed. `0` is no commit. */
export interface Change {
  readonly commit: number;
  /** the commit before, where it is not the number before; 0 for none */
  readonly parent?: number;
}

export type Step = { readonly change: Change } | { readonly telling: Telling };

export interface Scenario {
  readonly rules: readonly Rule[];
  readonly steps: readonly Step[];
  /** an annotated tag: a delivery names the tag's own object */
  readonly tag: boolean;
  /** whether a push's payload says when it was */
  readonly hostTimes: boolean;
  /** what CodePipeline refuses to start */
  readonly refused: readonly number[];
  /** the functions that are called; of the others the machine hears that all went well */
  readonly functions: readonly string[];
  /** how often another goes on, from 0 to 1 */
  readonly restless: number;
  /** how likely a pull fails */
  readonly pullsFail: number;
  /** how likely a call breaks off */
  readonly faults: number;
  /** the one call that breaks off: the first of a function is its 1st */
  readonly planned?: { readonly name: string; readonly call: number; readonly decision: Decision };
}

const RULES: readonly Rule[] = [
  { name: 'a', pipeline: 'deploy', superseded: 'stop', submodules: false },
  { name: 'b', pipeline: 'deploy', superseded: 'stop', submodules: false },
  { name: 'artifact', pipeline: undefined, superseded: 'stop', submodules: false },
  { name: 'every', pipeline: 'every', superseded: 'start', submodules: false },
  { name: 'skipping', pipeline: 'deploy', superseded: 'skip', submodules: false },
  { name: 'skipped', pipeline: undefined, superseded: 'skip', submodules: false },
  { name: 'other', pipeline: 'deploy', superseded: 'stop', submodules: true },
  { name: 'own', pipeline: 'app', superseded: 'stop', submodules: false, each: 'branch' },
];

export const ruleNamed = (name: string): Rule => {
  const rule = RULES.find((each) => each.name === name);
  if (!rule) throw new Error(`no rule is named ${name}`);
  return rule;
};

const MOVING = ['publish', 'retire'];
const STARTING = [...MOVING, 'start-pipeline'];
const SKIPPING = [['skipping'], ['skipped'], ['skipping', 'a'], ['skipping', 'skipped']];

const ENDING = [...STARTING, 'take-down'];

/** Most runs look closely at a few functions, so that their calls often meet. */
const KINDS: readonly { functions: readonly string[]; rules: readonly string[][] }[] = [
  { functions: MOVING, rules: [['artifact']] },
  { functions: MOVING, rules: [['artifact']] },
  { functions: STARTING, rules: [['a'], ['a', 'b'], ['a', 'other'], ['every']] },
  { functions: STARTING, rules: [['a'], ['a', 'b'], ['a', 'other'], ['every']] },
  { functions: ['claim'], rules: [['artifact']] },
  { functions: ['claim', ...MOVING], rules: [['skipped']] },
  { functions: ['claim', ...STARTING], rules: SKIPPING },
  { functions: ENDING, rules: [['own']] },
  { functions: ['claim', ...ENDING, 'report'], rules: [['own']] },
  {
    functions: ['claim', ...STARTING, 'report'],
    rules: [['a'], ['a', 'b'], ['a', 'artifact'], ['a', 'other'], ['every'], ['a', 'b', 'every']],
  },
];

/** The commit before a commit, 0 for none. */
export function parentOf({ steps }: Scenario, commit: number): number {
  const made = steps
    .flatMap((step) => ('change' in step ? step.change : []))
    .find((change) => change.commit === commit);
  return made?.parent ?? commit - 1;
}

/** Whether a commit is another one, or before it. */
export const holds = (scenario: Scenario, commit: number, other: number): boolean =>
  other !== 0 && (commit === other || holds(scenario, commit, parentOf(scenario, other)));

/** A scenario of a seed. */
export function scenario(seed: number): Scenario {
  const chance = random(seed);
  const { functions, rules } = chance.pick(KINDS);
  const names = chance.pick(rules);
  const hostTimes = chance.chance(0.8);
  const skips = names.some((name) => ruleNamed(name).superseded === 'skip');
  const changes = changesOf(chance, names.includes('own') ? 0.35 : 0.15);
  return {
    rules: names.map(ruleNamed),
    steps: stepsOf(chance, changes, names, hostTimes),
    // A tag has no pipeline of its own.
    tag: !names.includes('own') && chance.chance(0.2),
    hostTimes,
    // A pipeline that is made anew starts itself.
    refused: !names.includes('own') && chance.chance(0.15) ? [chance.pick(changes).commit] : [],
    functions,
    // Who takes over is asked only where one has failed.
    pullsFail: functions.includes('publish') ? chance.pick([0, 0.05, ...(skips ? [0.3] : [])]) : 0.5,
    restless: chance.pick([0.1, 0.35, 0.7]),
    faults: chance.pick([0, 0.02, 0.05]),
  };
}

/** @param deletions how likely each change is a deletion */
function changesOf(chance: Random, deletions: number): Change[] {
  const changes: Change[] = [];
  const length = 1 + chance.below(5);
  let newest = 0;
  while (changes.length < length) {
    const now = changes.at(-1)?.commit ?? 0;
    const kind = now === 0 && changes.length > 0 && chance.chance(0.5) ? 0.99 - deletions : chance.next();
    if (kind < 0.8 - deletions || changes.length === 0) {
      // By force, or by whoever makes the ref anew, a push may also leave commits out.
      const parent = now === 0 || chance.chance(0.2) ? chance.below(newest + 1) : now;
      changes.push({ commit: ++newest, parent });
    } else if (kind < 1 - deletions) changes.push({ commit: 1 + chance.below(newest) });
    else changes.push({ commit: 0 });
    if (changes.at(-1)?.commit === now) changes.pop();
  }
  return changes;
}

function stepsOf(
  chance: Random,
  changes: readonly Change[],
  names: readonly string[],
  hostTimes: boolean,
): Step[] {
  const steps: Step[] = [];
  const late: Telling[] = [];
  changes.forEach((change, index) => {
    steps.push({ change });
    const told = tellings(chance, index + 1, change, names, hostTimes);
    steps.push(...told.now.map((telling) => ({ telling })));
    late.push(...told.late);
    while (late.length > 0 && chance.chance(0.4))
      steps.push({ telling: chance.pick(late.splice(chance.below(late.length), 1)) });
  });
  return [...steps, ...late.map((telling) => ({ telling }))];
}

function tellings(
  chance: Random,
  change: number,
  { commit }: Change,
  names: readonly string[],
  hostTimes: boolean,
) {
  const rules = names.filter(() => chance.chance(0.75));
  const first: Telling = { change, deliveryId: `d${change}`, replayName: '', event: 'push', rules };
  const now = [first];
  const late: Telling[] = [];
  if (chance.chance(0.25)) now.push({ ...first, deliveryId: `d${change}-again` });
  while (chance.chance(0.2)) now.push(first);
  if (commit !== 0 && chance.chance(0.1))
    now.push({ ...first, deliveryId: `d${change}-pr`, event: 'pull_request' });
  if (hostTimes && now.every(({ event }) => event === 'push')) {
    if (chance.chance(0.15)) late.push(first);
    if (chance.chance(0.1)) late.push({ ...first, deliveryId: `d${change}-late` });
  }
  if (chance.chance(0.15)) late.push({ ...first, replayName: 'replay' });
  return { now, late };
}
