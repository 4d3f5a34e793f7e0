import { Command } from 'commander';
import { collect, examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { RULES } from './rules-folder.ts';
import { writeRule } from './write-rule.ts';

interface NewOptions {
  readonly rules?: string;
  readonly description?: string;
  readonly event: readonly string[];
  readonly repository?: string;
  readonly ref?: string;
  readonly tag?: string;
  readonly pipeline?: string;
  readonly status?: boolean;
  readonly skipCi?: boolean;
  readonly skipSuperseded?: boolean;
  readonly json?: boolean;
}

export function newCommand(): Command {
  return examples(
    new Command('new'),
    "rules new acme-main --repository 'acme/*' --ref main --pipeline acme-main",
    "rules new acme-release --repository acme/site --tag 'v*' --pipeline acme-release",
  )
    .description('write a rule file to start from')
    .argument('<name>', 'its name, in lower-case letters, digits and hyphens')
    .option('--rules <folder>', 'where to write it (default: events/rules)')
    .option('--description <text>', 'what it is for')
    .option('--event <name>', 'only this event; again for another', collect, [])
    .option('--repository <owner/name>', 'only this repository; owner/* for all of an owner')
    .option(
      '--ref <ref>',
      'only this ref, as main, "tag v1" or refs/heads/main; release/* for all that begin so',
    )
    .option('--tag <name>', 'only this tag, as v1; v* for all that begin so')
    .option('--pipeline <name>', 'the CodePipeline to start')
    .option('--status', 'write commit statuses')
    .option('--skip-ci', 'leave out commits that say [skip ci]')
    .option('--skip-superseded', 'make no artifact of a push that a newer one follows at once')
    .option('--json', 'as JSON: its name and file')
    .action(async (name: string, { rules = RULES, json, ...options }: NewOptions, command: Command) => {
      if (
        options.event.length === 0 &&
        [options.repository, options.ref, options.tag].every((given) => given === undefined)
      )
        command.error('error: say what the rule matches, with --event, --repository, --ref or --tag');
      const { ruleText } = await import('../../events/rule-text.ts');
      const file = await writeRule(rules, name, ruleText(name, options));
      if (json) return printJson({ name, file });
      print(`Wrote ${file}\nA running hookline up takes it up; deploy it with: npx cdk deploy`);
    });
}
