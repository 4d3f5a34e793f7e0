import { duration } from '../../operate/format.ts';
import { type Overview, overviewOf } from '../../operate/overview/overview.ts';
import type { Counts, Group, Waits } from '../../operate/overview/summary.ts';
import { timeOfText } from '../../operate/time-text.ts';
import { draw } from '../doctor/draw.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, targetText, withTarget } from '../target.ts';

export type OverviewOptions = Target & { readonly since?: string; readonly until?: string };

// The rest stands in --json.
const MOST_GROUPS = 10;

export function printOverview({
  since = timeOfText('1d'),
  until,
  ...target
}: OverviewOptions): Promise<void> {
  return withTarget(target, async (connection) => {
    const overview = await overviewOf(connection, { since, until });
    if (target.json) return printJson(overview);
    drawOverview(overview, targetText(target));
  });
}

function drawOverview(overview: Overview, target: string): void {
  const { from, to, more, counts, waits, repositories, rules, health } = overview;
  const span = `${from.slice(0, 16).replace('T', ' ')} to ${to.slice(0, 16).replace('T', ' ')} UTC`;
  print(`${span}${more ? ': the newest runs of a longer time' : ''}`);
  print(`${inWords(counts)}${waits ? `; webhook to pipeline ${waitsText(waits)}` : ''}`);
  drawCauses(overview, target);
  for (const [head, groups] of [
    ['REPOSITORY', repositories],
    ['RULE', rules],
  ] as const)
    drawGroups(head, groups);
  print('');
  for (const finding of health) print(draw(finding));
}

/** `12 done, 1 failed, 3 that need nobody` */
function inWords({ done, failed, running, stopped, quiet }: Counts): string {
  const all = [
    `${done} done`,
    `${failed} failed`,
    ...(running > 0 ? [`${running} running`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
    `${quiet} that need nobody`,
  ];
  return all.join(', ');
}

const waitsText = ({ p50, p95 }: Waits): string => `${duration(p50)} (p50), ${duration(p95)} (p95)`;

function drawCauses({ causes }: Overview, target: string): void {
  if (causes.length === 0) return;
  print('\nFailing now:');
  for (const { outcome, error, count, newest } of causes) {
    print(`  ${count} × ${outcome}${error && error !== outcome ? `: ${error}` : ''}`);
    print(`    hookline deliveries show ${newest.executionArn || newest.id}${target}`);
  }
}

function drawGroups(head: string, groups: readonly Group[]): void {
  if (groups.length === 0) return;
  print('');
  printTable(
    [head, 'DONE', 'FAILED', 'OTHER', 'WEBHOOK TO PIPELINE'],
    groups
      .slice(0, MOST_GROUPS)
      .map(({ name, counts: { done, failed, running, stopped, quiet }, waits }) => [
        name,
        String(done),
        String(failed),
        String(running + stopped + quiet),
        waits ? waitsText(waits) : '',
      ]),
  );
}
