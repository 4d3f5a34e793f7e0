import { Command } from 'commander';
import { examples } from '../options.ts';
import { printJson, printTable } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';
import { checkCommand } from './check.ts';
import { explainCommand } from './explain.ts';
import { newCommand } from './new.ts';
import { tryCommand } from './try.ts';

export function rulesCommand(): Command {
  return new Command('rules')
    .description('which events start what')
    .addCommand(listCommand())
    .addCommand(checkCommand())
    .addCommand(explainCommand())
    .addCommand(tryCommand())
    .addCommand(newCommand());
}

function listCommand(): Command {
  return examples(targeted(new Command('list')), 'rules list')
    .description('the rules of the deployment, the pipeline that each starts, and what each matches in words')
    .action((options: Target) =>
      withTarget(options, async (connection) => {
        const [{ listRules }, { inWords }, { pipelinesOf }] = await Promise.all([
          import('../../operate/rules/index.ts'),
          import('../../operate/rules/clauses.ts'),
          import('../../operate/rules/route-options.ts'),
        ]);
        const deployed = await listRules(connection);
        const pipelines = await pipelinesOf(connection, deployed);
        const rules = deployed.map((rule) => ({
          ...rule,
          words: inWords(rule.match),
          pipeline: pipelines[rule.name] ?? '',
        }));
        if (options.json) return printJson(rules);
        printTable(
          ['RULE', 'STATE', 'STARTS', 'MATCHES'],
          rules.map(({ name, enabled, words, pipeline }) => [name, enabled ? 'on' : 'off', pipeline, words]),
        );
      }),
    );
}
