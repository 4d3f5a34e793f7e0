import type { ReconcileReport } from '../../statemachine/reconcile.ts';
import { logger } from '../shared/logged.ts';
import { asRest, HostRests } from './host-rest.ts';
import { type KnownHost, knownHosts } from './known-host.ts';
import { type KnownRepository, knownRepositories } from './known-refs.ts';
import { keepProgress, type Progress, readProgress } from './look-record.ts';
import { lookAtAppHook, lookAtHooks, lookAtRefs, type Mode } from './repository.ts';

// A call under way ends within its 20 s: the function has five minutes.
const BUDGET_MS = 4 * 60_000;
/** What one run does at most; the next goes on from there. */
const MOST_REPOSITORIES = 100;
const MOST_FOUND = 100;

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
export async function reconcile({ by, dryRun, after }: Request): Promise<ReconcileReport> {
  const progress = await readProgress();
  const report: ReconcileReport = { looked: 0, behind: [], failed: [], problems: [] };
  const mode = { dryRun, patient: by === 'schedule' };
  const run = {
    mode,
    hosts: await knownHosts(),
    report,
    rests: { ...progress.rests },
    owners: new Set<string>(),
  };
  if (run.hosts.size === 0)
    report.problems.push('no host has a token or an App: set one with "hookline secret set HOST token"');
  for (const host of run.hosts.values()) await lookAtApp(run, host);
  const last = run.hosts.size === 0 ? undefined : await lookAtNext(run, after ?? progress.after);
  if (last !== undefined) report.after = last;
  if (!dryRun) await keepProgress(nextProgress(progress, run, by, last));
  logger.info('looked', { ...report, behind: report.behind.length, failed: report.failed.length });
  return report;
}

function nextProgress(progress: Progress, { rests }: Run, by: Request['by'], last = ''): Progress {
  const now = new Date().toISOString();
  const left = Object.entries(rests).filter(([, until]) => until > now);
  return { after: by === 'schedule' ? last : progress.after, rests: Object.fromEntries(left) };
}

/** What failed of the App's webhook, which tells of every repository. */
async function lookAtApp(run: Run, host: KnownHost): Promise<void> {
  await attempt(run, `${host.name}/the App`, async () => {
    run.report.failed.push(...(await lookAtAppHook(host, run.mode)));
  });
}

/** @returns the last repository of those looked at, undefined after the last of all */
async function lookAtNext(run: Run, after: string): Promise<string | undefined> {
  const deadline = Date.now() + BUDGET_MS;
  const all = await knownRepositories();
  const next = [...all].filter(([name]) => name > after);
  for (const [at, [name, known]] of next.entries()) {
    await lookAt(run, name, known);
    const { looked, behind, failed } = run.report;
    const isFull = looked >= MOST_REPOSITORIES || behind.length + failed.length >= MOST_FOUND;
    if (at < next.length - 1 && (isFull || Date.now() > deadline)) return name;
  }
  return undefined;
}

async function lookAt(run: Run, name: string, known: KnownRepository): Promise<void> {
  const host = run.hosts.get(known.host);
  const isResting = (run.rests[known.host] ?? '') > new Date().toISOString();
  if (!host || isResting) return;
  run.report.looked += 1;
  const { behind, failed } = run.report;
  await attempt(run, name, async () => void behind.push(...(await lookAtRefs(host, known, run.mode))));
  const [owner = ''] = known.fullName.split('/');
  for (const of of [owner, known.fullName]) {
    if (run.owners.has(`${known.host}/${of}`)) continue;
    run.owners.add(`${known.host}/${of}`);
    await attempt(run, `${known.host}/${of}`, async () => {
      failed.push(...(await lookAtHooks(host, { of, repository: known.fullName }, run.mode)));
    });
  }
}

/** What fails for one repository is a problem that the report names, and keeps nobody from the next one. */
async function attempt({ report, rests }: Run, of: string, look: () => Promise<void>): Promise<void> {
  const [name = ''] = of.split('/');
  if ((rests[name] ?? '') > new Date().toISOString()) return;
  try {
    await look();
  } catch (error) {
    const cause = asRest(name, error);
    if (cause instanceof HostRests) rests[name] = new Date(Date.now() + cause.seconds * 1000).toISOString();
    report.problems.push(`${of}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
