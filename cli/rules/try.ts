import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Command } from 'commander';
import type { Trial } from '../../operate/rules/trial.ts';
import { count, examples } from '../options.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';

interface TryOptions extends Target {
  readonly last: number;
}

export function tryCommand(): Command {
  return examples(
    targeted(new Command('try')),
    'rules try events/rules/acme.yaml',
    'rules try acme.yaml --last 500 --stack Hookline --json',
  )
    .description(
      'hold a rule file, deployed or not, against the last deliveries: which it would take, and what then',
    )
    .argument('<file>', 'the rule file')
    .option('--last <number>', 'how many deliveries', count, 100)
    .action(async (file: string, { last, ...target }: TryOptions) => {
      const { parseRule } = await import('../../events/rule-file.ts');
      const rule = parseRule(readFileSync(file, 'utf8'), relative(process.cwd(), file));
      await withTarget(target, async (connection) => {
        const { tryRule } = await import('../../operate/rules/trial.ts');
        const trial = await tryRule(connection, rule, last);
        if (target.json) printJson(trial);
        else printTrial(rule.name, trial);
      });
    });
}

function printTrial(name: string, { tried, unknown, taken }: Trial): void {
  const more = unknown === 0 ? '' : `; of ${unknown} too little is kept to tell`;
  print(`${name} would take ${taken.length} of the last ${tried} deliveries${more}.`);
  if (taken.length === 0) return;
  printTable(
    ['RECEIVED (UTC)', 'DELIVERY', 'EVENT', 'REPOSITORY', 'REF', 'THEN', 'BECAUSE'],
    taken.map(({ row, verdict }) => [
      row.receivedAt.slice(0, 19).replace('T', ' '),
      row.deliveryId.slice(0, 8),
      row.event,
      row.repository,
      row.ref,
      verdict?.next ?? '?',
      verdict?.reason ?? 'the delivery is known in part',
    ]),
  );
}
