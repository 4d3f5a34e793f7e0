import { HostRests } from '../../events/host-rest.ts';
import type { ReconcileReport } from '../../statemachine/reconcile.ts';
import { logger } from '../shared/logged.ts';
import type { Tell } from './failed-deliveries.ts';
import { asRest } from './host-rest.ts';
import { type KnownHost, knownHosts } from './known-host.ts';
import { type KnownRepository, knownRepositories } from './known-refs.ts';
import { keepProgress, readProgress } from './look-record.ts';
import type { Mode } from './mode.ts';
import { lookAtAppHook, lookAtHooks, lookAtRefs } from './repository.ts';
import { inTurn, type NamedRepository, turnAfter } from './turn.ts';

// What is under way then ends in a minute: the function has five.
const BUDGET_MS = 3.5 * 60_000;
/** What one run does at most; the next goes on from there. */
const MOST_REPOSITORIES = 100;
const MOST_BEHIND = 100;

export interface Request {
  readonly by: 'schedule' | 'operator';
  readonly dryRun: boolean;
  readonly after: string | undefined;
}

interface Run {
  readonly mode: Mode;
  readonly hosts: ReadonlyMap<string, KnownHost>;
  readonly report: ReconcileReport;
  /** by host: until when it is left alone, ISO */
  readonly rests: Record<string, string>;
  /** whose webhooks have been looked at, `host/organisation` */
  readonly owners: Set<string>;
}

/**
 * Looks at the next repositories: at the refs of each, and at what failed of its webhooks and of its organisation's; before
 * them at what failed of the webhooks of Apps. Only
 * hosts with a token are asked. The schedule's looks go on where the last ended; an operator's say themselves where.
 */
export async function reconcile({ by, dryRun, after = '' }: Request): Promise<ReconcileReport> {
  const progress = await readProgress();
  const report: ReconcileReport = { looked: 0, behind: [], failed: [], problems: [] };
  const mode = { dryRun, patient: by === 'schedule', deadline: Date.now() + BUDGET_MS };
  const run = {
    mode,
    hosts: await knownHosts(),
    report,
    rests: { ...progress.rests },
    owners: new Set<string>(),
  };
  if (run.hosts.size === 0)
    report.problems.push('no host has a token or an App: set one with "hookline secret set HOST token"');
  // A dry run changes nothing there: what it found in an operator's first call, it would find again in each that follows.
  if (!dryRun || after === '') for (const host of run.hosts.values()) await lookAtApp(run, host);
  const all = [...(await knownRepositories())].filter(([, { host }]) => run.hosts.has(host));
  const next = mode.patient ? inTurn(all, progress) : all.filter(([name]) => name > after);
  const { looked, reached } = await lookAtAll(run, next);
  const last = next[reached - 1]?.[0];
  if (reached < next.length && last !== undefined) report.after = last;
  const turn = mode.patient ? turnAfter(progress, next, looked, reached) : progress;
  if (!dryRun) await keepProgress({ ...turn, rests: stillWanted(run.rests) });
  logger.info('looked', { ...report, behind: report.behind.length, failed: report.failed.length });
  return report;
}

function stillWanted(rests: Run['rests']): Record<string, string> {
  const now = new Date().toISOString();
  return Object.fromEntries(Object.entries(rests).filter(([, until]) => until > now));
}

/** What failed of the App's webhook, which tells of every repository. */
async function lookAtApp(run: Run, host: KnownHost): Promise<void> {
  await attempt(run, `${host.name}/the App`, (tell) => lookAtAppHook(host, run.mode, tell));
}

/**
 * Looks at one repository after the other until the run is full. Those of a host that rests are left out, of which an operator
 * is told.
 * @returns which were looked at, and how many had their turn
 */
async function lookAtAll(
  run: Run,
  next: readonly NamedRepository[],
): Promise<{ looked: Set<string>; reached: number }> {
  const looked = new Set<string>();
  const left = new Map<string, number>();
  let reached = 0;
  for (const [name, known] of next) {
    // One at least, so that whoever asks for the next comes to an end.
    if (reached > 0 && isFull(run)) break;
    reached += 1;
    if (isResting(run, known.host)) left.set(known.host, (left.get(known.host) ?? 0) + 1);
    else {
      looked.add(name);
      await lookAt(run, name, known);
    }
  }
  if (!run.mode.patient)
    for (const [host, count] of left)
      run.report.problems.push(
        `${host}: not looked at are ${count} of its repositories, as the host is left alone until ${run.rests[host]}; ask again then`,
      );
  return { looked, reached };
}

function isFull({ report: { looked, behind }, mode }: Run): boolean {
  return looked >= MOST_REPOSITORIES || behind.length >= MOST_BEHIND || Date.now() > mode.deadline;
}

const isResting = ({ rests }: Run, host: string): boolean => (rests[host] ?? '') > new Date().toISOString();

async function lookAt(run: Run, name: string, known: KnownRepository): Promise<void> {
  const host = run.hosts.get(known.host);
  if (!host) return;
  run.report.looked += 1;
  const { behind } = run.report;
  await attempt(
    run,
    name,
    async (tell) => void behind.push(...(await lookAtRefs(host, known, run.mode, tell))),
  );
  const [owner = ''] = known.fullName.split('/');
  for (const of of [owner, known.fullName]) {
    const whose = `${known.host}/${of}`;
    if (run.owners.has(whose) || Date.now() > run.mode.deadline) continue;
    run.owners.add(whose);
    const repository = known.fullName;
    await attempt(run, whose, async (tell) => {
      const isAnswered = await lookAtHooks(host, { of, repository }, run.mode, tell);
      // The token for another of its repositories may see them.
      if (!isAnswered) run.owners.delete(whose);
    });
  }
}

/** What fails for one repository is a problem that the report names, and keeps nobody from the next one. */
async function attempt(run: Run, of: string, look: (tell: Tell) => Promise<void>): Promise<void> {
  const [name = ''] = of.split('/');
  if (isResting(run, name)) return;
  const { failed, problems } = run.report;
  const problem = (text: string): void => void problems.push(`${of}: ${text}`);
  try {
    await look({ failed: (each) => void failed.push(each), problem });
  } catch (error) {
    const cause = asRest(name, error);
    if (cause instanceof HostRests)
      run.rests[name] = new Date(Date.now() + cause.seconds * 1000).toISOString();
    problem(cause instanceof Error ? cause.message : String(cause));
  }
}
