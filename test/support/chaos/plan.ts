import { type Random, random } from '../interleave/random.ts';
import { ACTIONS, type Action } from './actions.ts';
import type { Aim } from './aim.ts';

/** A call that was made in a run without kills. */
export interface Known {
  readonly call: string;
  readonly times: number;
  /** what has made it */
  readonly actions: readonly Action[];
}

/** What is killed: the runtime at a call, or, so long after the last kill, the runtime or a process below it. */
export type Kill =
  | { readonly aim: Aim }
  | {
      readonly afterMs: number;
      readonly victim: 'runtime' | 'child';
      /** which of the processes below the runtime, from 0 to 1 */
      readonly place: number;
    };

export interface Plan {
  readonly seed: number;
  readonly actions: readonly Action[];
  readonly kills: readonly Kill[];
}

// A run's deliveries are done after some five seconds, and a start takes a few.
const LONGEST_MS = 5000;

/** The plan of a seed: every second run is aimed, at each known call in turn, first after its effect and then before. */
export function planOf(seed: number, known: readonly Known[]): Plan {
  const chance = random(seed);
  const also = random(seed + LATER_ON);
  const later = LATER.filter(() => also.chance(0.3));
  if (seed % 2 === 1)
    return { seed, actions: [...someActions(chance), ...later], kills: severalKills(chance) };
  const turn = seed / 2;
  const target = known[turn % known.length];
  if (!target) throw new Error('no call is known: look at a run without kills first');
  const { call, times, actions } = target;
  const after = Math.floor(turn / known.length) % 2 === 0;
  const aim = { call, nth: 1 + chance.below(Math.min(times, MOST_CALLS)), after };
  const again = chance.chance(0.3) ? [randomKill(chance)] : [];
  const beside = FIRST.filter((action) => actions.includes(action) || chance.chance(0.3));
  const more = LATER.filter((action) => actions.includes(action) || later.includes(action));
  return { seed, actions: [...beside, ...more], kills: [{ aim }, ...again] };
}

// Chosen by chances of their own, so that all else of a seed's plan is as it was before there were these.
const LATER: readonly Action[] = ['app', 'stopped'];
const LATER_ON = 1_000_000_000;
const FIRST = ACTIONS.filter((action) => !LATER.includes(action));

/** The calls of a run without kills, those of the later actions alone at the end. */
export const inTurn = (known: readonly Known[]): Known[] =>
  [false, true].flatMap((isLater) =>
    known.filter(({ actions }) => actions.every((action) => LATER.includes(action)) === isLater),
  );

// The first calls of a kind are those that a delivery waits for.
const MOST_CALLS = 3;

function someActions(chance: Random): readonly Action[] {
  const actions = FIRST.filter(() => chance.chance(0.6));
  return actions.length > 0 ? actions : FIRST;
}

const severalKills = (chance: Random): Kill[] =>
  Array.from({ length: 1 + chance.below(3) }, () => randomKill(chance));

const randomKill = (chance: Random): Kill => ({
  afterMs: chance.below(LONGEST_MS),
  victim: chance.chance(0.5) ? 'runtime' : 'child',
  place: chance.next(),
});
