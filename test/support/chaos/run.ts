import { setTimeout as wait } from 'node:timers/promises';
import { random } from '../interleave/random.ts';
import { below, commandOf } from '../processes.ts';
import { actions } from './actions.ts';
import { type Wrong, wrongOf } from './checks.ts';
import { useToken } from './credential.ts';
import { hasEnded, type Look, look, type Since } from './look.ts';
import type { Kill, Plan } from './plan.ts';
import { createSender, GIVE_UP, type Sent, type Trees } from './sender.ts';
import type { Survivor } from './survivor.ts';

/** What a run came to. */
export interface RunResult extends Wrong {
  readonly seed: number;
  /** what was killed, in words */
  readonly kills: readonly string[];
  readonly accepted: number;
  /** the accepted deliveries with an outcome */
  readonly finished: number;
  /** what was not done in time */
  readonly stuck: readonly string[];
  /** from the last start, or the last sending, until all was done */
  readonly quietMs: number;
}

// A look costs the runtime as much as a delivery does.
const POLL_MS = 500;

/**
 * Carries out a plan, and looks at what is there when all is quiet.
 * @param withinMs when all has to be quiet, from the last start or the last sending on
 */
export async function carryOut(
  survivor: Survivor,
  trees: Trees,
  plan: Plan,
  withinMs: number,
): Promise<RunResult> {
  const sent: Sent = {
    accepted: new Set(),
    ends: new Map(),
    stopped: new Set(),
    approved: [],
    refs: new Map(),
  };
  await useToken(await survivor.alive());
  const since = await beginning(survivor);
  const sender = createSender(survivor, trees, sent, withinMs);
  const run = `${plan.seed}-${Date.now()}`;
  const sending = Promise.all(
    plan.actions.map((action, index) => actions[action](sender, run, random(plan.seed + index))),
  );
  sending.catch(() => undefined);
  const kills: string[] = [];
  const untilQuiet = () => quiet(survivor, since, sent, withinMs);
  for (const kill of plan.kills)
    kills.push(await carryOutKill(kill, survivor, () => sending.then(untilQuiet)));
  const refused = await sending.then(
    () => [],
    (error: Error) => [`nothing more was taken: ${error.message}`],
  );
  const { seen, quietMs } = await untilQuiet();
  // What is late is stuck. Whether anything of it is lost shows once it is done, or will never be.
  const last = seen.busy.length > 0 ? (await quiet(survivor, since, sent, GIVE_UP * withinMs)).seen : seen;
  const wrong = await wrongOf(await survivor.alive(), last, sent, trees);
  const finished = [...last.accepted].filter((id) => last.rows.get(id)?.some(hasEnded)).length;
  return {
    ...wrong,
    ...{ seed: plan.seed, kills, accepted: last.accepted.size, finished, quietMs },
    stuck: [...refused, ...seen.busy],
  };
}

async function beginning(survivor: Survivor): Promise<Since> {
  const { deliveries } = await (await survivor.alive()).running.ask();
  // The bus writes whole seconds.
  const time = new Date(Date.now() - 1000).toISOString();
  return { time, hostDeliveries: new Set(deliveries.map(({ id }) => id)) };
}

/** @param settled resolves when nothing is to be done any more: then the call that is aimed at does not come */
async function carryOutKill(
  kill: Kill,
  survivor: Survivor,
  settled: () => Promise<unknown>,
): Promise<string> {
  if ('aim' in kill) {
    const { call, nth, after } = kill.aim;
    const dead = survivor.death().then(() => true);
    await (await survivor.alive()).running.ask(kill.aim);
    const notMet = settled().then(
      () => false,
      () => false,
    );
    const isMet = await Promise.race([dead, notMet]);
    if (!isMet) await (await survivor.alive()).running.ask(null);
    return `${isMet ? '' : 'nothing: no such call came: '}the runtime ${after ? 'after' : 'before'} ${call}, number ${nth}`;
  }
  await wait(kill.afterMs);
  if (kill.victim === 'child') return killChild(survivor, kill.place);
  survivor.kill();
  return `the runtime after ${kill.afterMs} ms`;
}

async function killChild(survivor: Survivor, place: number): Promise<string> {
  const { running } = await survivor.alive();
  const children = await below(running.pid);
  const pid = children[Math.floor(place * children.length)];
  if (pid === undefined) return 'nothing: no child was there';
  const command = await commandOf(pid);
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
  return command.slice(0, 80);
}

/** Waits until nothing is to be done any more, or something has been for too long. */
async function quiet(
  survivor: Survivor,
  since: Since,
  sent: Sent,
  withinMs: number,
): Promise<{ readonly seen: Look; readonly quietMs: number }> {
  const from = performance.now();
  for (;;) {
    const alive = await survivor.alive();
    const seen = await look(alive, since, sent.accepted).catch(async (error: unknown) => {
      await wait(POLL_MS);
      if (alive.running.killed()) return undefined;
      throw error;
    });
    const quietMs = performance.now() - Math.max(from, alive.since);
    if (seen && (seen.busy.length === 0 || quietMs > withinMs)) return { seen, quietMs };
    await wait(POLL_MS);
  }
}
