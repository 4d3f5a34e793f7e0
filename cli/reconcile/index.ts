import { Command } from 'commander';
import type { ReconcileReport } from '../../operate/reconcile/index.ts';
import { examples } from '../options.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

export function reconcileCommand(): Command {
  const command = targeted(new Command('reconcile'));
  return examples(command, 'reconcile --dry-run', 'reconcile --stack Hookline')
    .description('fetch now what a git host never sends again, of every known repository')
    .option('--dry-run', 'only tell what would be done')
    .action((options: Target & { dryRun?: boolean }) =>
      withTarget(options, async (connection) => {
        const { reconcileNow } = await import('../../operate/reconcile/index.ts');
        const { dryRun = false } = options;
        const report = await reconcileNow(connection, { dryRun });
        if (options.json) printJson(report);
        else show(report, dryRun);
      }),
    );
}

function show({ looked, behind, failed, problems }: ReconcileReport, dryRun: boolean): void {
  const verb = dryRun ? 'would be ' : '';
  print(`${looked} repositories looked at`);
  print(`${behind.length} deliveries ${verb}started for refs that are behind`);
  if (behind.length > 0)
    printTable(
      ['DELIVERY', 'RULE', 'REPOSITORY', 'REF', 'COMMIT'],
      behind.map(({ deliveryId, rule, repository, ref, commit = 'gone' }) => [
        deliveryId.slice(0, 20),
        rule,
        repository,
        ref,
        commit.slice(0, 12),
      ]),
    );
  print(`${failed.length} failed deliveries ${verb}sent again by their host`);
  if (failed.length > 0)
    printTable(
      ['ID', 'OF', 'EVENT', 'STATUS'],
      failed.map(({ deliveryId, of, event, status }) => [deliveryId, of, event, status]),
    );
  for (const problem of problems) print(`not looked at: ${problem}`);
}
