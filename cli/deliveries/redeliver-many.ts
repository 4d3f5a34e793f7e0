import { type Command, CommanderError } from 'commander';
import type { Connection } from '../../operate/connection/connection.ts';
import { type DeliveryFilter, FILTERS, filterOfText } from '../../operate/deliveries/index.ts';
import {
  planRedeliveries,
  type Redelivered,
  type RedeliveryPlan,
  redeliverMany,
} from '../../operate/deliveries/redeliver-many.ts';
import { countsOf } from '../../operate/format.ts';
import { confirm } from '../confirm.ts';
import { INTERRUPTED, interruptible } from '../interrupt.ts';
import { optionOf } from '../options.ts';
import { print, printAside, printJson } from '../print.ts';
import { progressLine } from '../progress.ts';
import { executionsOf, printExecutions } from '../replay/executions.ts';
import { quoted, type Target, targetText, withTarget } from '../target.ts';
import { inVainInJson, inVainLines } from './draw-in-vain.ts';

export type ManyOptions = Target &
  DeliveryFilter & {
    readonly since?: string;
    readonly until?: string;
    readonly dryRun?: boolean;
    readonly yes?: boolean;
    readonly resume?: string;
    readonly force?: boolean;
  };

/** The options of which each says that many are meant. @throws a wrong call, for one of them beside a delivery */
export function refuseBoth(command: Command, id: string): void {
  const given = [...FILTERS, 'since', 'until', 'dryRun', 'yes', 'resume'].find(
    // Of one delivery, the rule says which of its runs.
    (name) => name !== 'rule' && command.getOptionValueSource(name) === 'cli',
  );
  if (given !== undefined)
    command.error(
      `error: ${optionOf(given)} is for many deliveries, and ${JSON.stringify(id)} is one: leave either out`,
    );
}

/** Runs every delivery again that passes the filters: counts, asks, starts, and waits for the outcomes. */
export async function redeliverAll(options: ManyOptions): Promise<void> {
  checkCall(options);
  // An interrupted call goes on with the same span.
  const { until = new Date().toISOString() } = options;
  await withTarget(options, (connection) => run(connection, { ...options, until }));
}

/** Without an outcome and a time, a slip would run months again. */
function checkCall({ outcome, since, resume }: ManyOptions): void {
  const missing = outcome === undefined ? '--outcome' : since === undefined ? '--since' : undefined;
  if (missing !== undefined)
    throw wrongCall(`name a delivery, or many by --outcome and --since: ${missing} is missing`);
  if (resume !== undefined && !resume.startsWith('redeliver-'))
    throw wrongCall(`${JSON.stringify(resume)} is not a name of redeliveries: it begins with redeliver-`);
}

function wrongCall(message: string): CommanderError {
  process.stderr.write(`error: ${message}\n`);
  return new CommanderError(2, 'hookline.call', message);
}

async function run(connection: Connection, options: ManyOptions): Promise<void> {
  const { since, until, resume, json, force } = options;
  const query = { filter: filterOfText(options), since, until, force };
  const plan = await planRedeliveries(connection, query, resume);
  if (options.dryRun || plan.rows.length === 0) return printPlan(plan, options);
  if (!json) drawPlan(plan, options);
  if (!options.yes && !(await isWanted(plan, options))) return printUnwanted(plan, options);
  const result = await startAll(connection, plan, options);
  if (result.left > 0) return printInterrupted(plan, result, options);
  const started = plan.started + result.started;
  const rows = await executionsOf(connection, plan.replayName, { from: since ?? '' }, started);
  if (json) return printJson({ ...inJson(plan, result), deliveries: rows });
  printExpired(result);
  print(`Redeliveries ${plan.replayName}`);
  printExecutions(rows);
}

/** Asks a person, who has seen the plan: standard output is for the JSON alone. */
function isWanted(plan: RedeliveryPlan, options: ManyOptions): Promise<boolean> {
  if (options.json) drawPlan(plan, options, printAside);
  return confirm(`Run ${deliveries(plan.rows.length)} again?`);
}

function printUnwanted(plan: RedeliveryPlan, options: ManyOptions): void {
  process.exitCode = INTERRUPTED;
  const result = { started: 0, expired: [], left: plan.rows.length };
  if (options.json) printInterrupted(plan, result, options);
  else print('None is run.');
}

/** Starts all of a plan, with its progress. What is left after an error goes on as after an interrupt. */
async function startAll(
  connection: Connection,
  plan: RedeliveryPlan,
  options: ManyOptions,
): Promise<Redelivered> {
  const line = await progressLine();
  try {
    return await interruptible((signal) =>
      redeliverMany(
        connection,
        plan,
        (done, all) => line.show(`${done} of ${all} started`, done / all),
        signal,
      ),
    );
  } catch (error) {
    process.stderr.write(`Go on by: ${resumeText(plan, options)}\n`);
    throw error;
  } finally {
    line.done();
  }
}

function printPlan(plan: RedeliveryPlan, options: ManyOptions): void {
  const { rows, started, inVain } = plan;
  const outcomes = Object.fromEntries(countsOf(rows));
  if (options.json) printJson({ count: rows.length, started, outcomes, inVain: inVainInJson(inVain) });
  else drawPlan(plan, options);
}

/** How many would run again, and of those that would end as before why, and what to do instead. */
function drawPlan(plan: RedeliveryPlan, options: ManyOptions, write = print): void {
  write(countText(plan));
  for (const line of inVainLines(plan.inVain, targetText(options))) write(line);
}

/** `12 deliveries would run again: 10 PullFailed, 2 TimedOut` */
function countText({ rows, started }: RedeliveryPlan): string {
  const counts = countsOf(rows).map(([outcome, count]) => `${count} ${outcome}`);
  const before = started > 0 ? `; ${started} were started before` : '';
  return `${deliveries(rows.length)} would run again${counts.length > 0 ? `: ${counts.join(', ')}` : ''}${before}`;
}

const deliveries = (count: number): string => `${count} ${count === 1 ? 'delivery' : 'deliveries'}`;

function printInterrupted(plan: RedeliveryPlan, result: Redelivered, options: ManyOptions): void {
  process.exitCode = INTERRUPTED;
  const resume = resumeText(plan, options);
  if (options.json) printJson({ ...inJson(plan, result), resume, deliveries: [] });
  else {
    printExpired(result);
    print(`Interrupted: ${result.started} started, ${result.left} left. Go on by:\n  ${resume}`);
  }
}

const inJson = ({ replayName, inVain }: RedeliveryPlan, { started, left, expired }: Redelivered) => ({
  replayName,
  started,
  left,
  expired: expired.map(({ id }) => id),
  inVain: inVainInJson(inVain),
});

function printExpired({ expired }: Redelivered): void {
  if (expired.length > 0)
    print(`${deliveries(expired.length)} cannot run again, as Step Functions keeps the execution no more`);
}

/** The command that goes on with a plan, for a shell. */
function resumeText({ replayName }: RedeliveryPlan, options: ManyOptions): string {
  const given = [...FILTERS, 'since' as const, 'until' as const].flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`${optionOf(name)} ${quoted(value)}`];
  });
  const words = [...given, ...(options.force ? ['--force'] : []), `--resume ${replayName}`];
  return `hookline redeliver ${words.join(' ')}${targetText(options)}`;
}
