import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import type { CheckedRules } from '../../events/rule-file.ts';
import type { RuleProblem } from '../../events/rule-problem.ts';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { RULES } from './rules-folder.ts';

export function checkCommand(): Command {
  return examples(new Command('check'), 'rules check', 'rules check events/rules/default.yaml')
    .description('read rule files and say what is wrong, and what can never match, with line and column')
    .argument('[paths...]', 'files, or folders of them; events/rules when none is named')
    .option('--json', 'as JSON: rules, problems and warnings')
    .action(async (paths: string[], { json }: { json?: boolean }) => {
      const { inWords } = await import('../../operate/rules/clauses.ts');
      const { rules, problems, warnings } = await check(paths.length === 0 ? [RULES] : paths);
      const { problemText, RuleFileError } = await import('../../events/rule-problem.ts');
      if (json) printJson({ rules, problems, warnings });
      else for (const { name, match } of rules) print(`✔ ${name}: ${inWords({ ...match })}`);
      if (!json) for (const warning of warnings) print(`! ${problemText(warning)}`);
      if (problems.length === 0) return;
      if (!json) throw new RuleFileError(problems);
      process.exitCode = 1;
    });
}

const settingsSchema = z.looseObject({
  context: z.looseObject({
    hookline: z.looseObject({ hosts: z.record(z.string(), z.looseObject({ app: z.boolean().optional() })) }),
  }),
});

/** The hosts in cdk.json; undefined where they are not named there as the synthesis wants them. */
function configuredHosts() {
  const { data } = settingsSchema.safeParse(JSON.parse(readFileSync(join(RULES, '../../cdk.json'), 'utf8')));
  return data?.context.hookline.hosts;
}

async function check(
  paths: readonly string[],
): Promise<CheckedRules & { readonly warnings: readonly RuleProblem[] }> {
  const [{ checkRule, checkRules, ruleFiles }, { ruleDoubts }] = await Promise.all([
    import('../../events/rule-file.ts'),
    import('../../events/rule-doubts.ts'),
  ]);
  const checked = paths.map((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) throw new Error(`there is no file or folder ${path}: name a rule file, or a folder of them`);
    if (!found.isDirectory()) return { ...checkRule(path), files: [path] };
    return { ...checkRules(path), files: ruleFiles(path).map((file) => join(path, file)) };
  });
  const problems = checked.flatMap((each) => each.problems);
  // The Region that the CDK would deploy to, as far as the environment alone says.
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const to = { region, hosts: configuredHosts() };
  const right = checked
    .flatMap(({ files }) => files.map((path) => ({ path, file: relative(process.cwd(), path) })))
    .filter(({ file }) => !problems.some((problem) => problem.file === file));
  return {
    rules: checked.flatMap(({ rules }) => rules),
    problems,
    warnings: right.flatMap(({ path, file }) => ruleDoubts(readFileSync(path, 'utf8'), file, to)),
  };
}
