import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endAllOf } from '../processes.ts';
import type { Action } from './actions.ts';
import type { Plan } from './plan.ts';
import { carryOut, type RunResult } from './run.ts';
import type { Started } from './running.ts';
import type { Trees } from './sender.ts';
import { type Survivor, startSurvivor } from './survivor.ts';
import { problemsOf } from './totals.ts';

/** A Hookline that carries out one plan after the other. */
export interface Lane {
  /** the calls of an action by itself, in which nothing is killed. @throws when something is wrong already */
  callsOf(action: Action, withinMs: number): Promise<readonly string[]>;
  /** @throws when the lane is closed meanwhile */
  carryOut(plan: Plan, withinMs: number): Promise<RunResult>;
  /** ends all its processes */
  close(): Promise<void>;
}

/** @param folder of the lane's state, which its processes are known by */
export function createLane(folder: string, what: Omit<Started, 'data'>): Lane {
  const trees: Trees = new Map();
  let [closed, starts] = [false, 0];
  let survivor: Survivor | undefined;
  const started = async (): Promise<Survivor> => {
    if (closed) throw new Error('the lane is closed');
    if (survivor) return survivor;
    starts += 1;
    const data = join(folder, String(starts));
    await mkdir(data, { recursive: true });
    survivor = startSurvivor({ ...what, data });
    return survivor;
  };
  const end = async (): Promise<void> => {
    const ended = survivor;
    survivor = undefined;
    await ended?.close();
    await endAllOf(folder);
  };
  return {
    callsOf: async (action, withinMs) => callsOf(action, await started(), trees, withinMs),
    carryOut: async (plan, withinMs) => {
      try {
        return await carryOut(await started(), trees, plan, withinMs);
      } catch (error) {
        if (closed) throw error;
        // Hookline has ended by itself. The next plan finds another.
        await end();
        const nothing = { kills: [], accepted: 0, finished: 0, lost: [], twice: [], torn: [], quietMs: 0 };
        return { ...nothing, seed: plan.seed, stuck: [String(error)] };
      }
    },
    close: async () => {
      closed = true;
      await end();
      await Promise.all([...trees.values()].map((tree) => tree.remove()));
    },
  };
}

async function callsOf(
  action: Action,
  survivor: Survivor,
  trees: Trees,
  withinMs: number,
): Promise<readonly string[]> {
  const { running } = await survivor.alive();
  const before = (await running.ask()).calls.length;
  const plan = { seed: 0, actions: [action], kills: [] };
  const wrong = problemsOf(await carryOut(survivor, trees, plan, withinMs));
  if (wrong.length > 0) throw new Error(`${action}, without a kill: ${wrong.join('; ')}`);
  return (await running.ask()).calls.slice(before);
}
