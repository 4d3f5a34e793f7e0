import { readFileSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { usualProvider } from '../../events/providers/index.ts';
import type { CheckedRules } from '../../events/rule-file.ts';
import type { RuleProblem } from '../../events/rule-problem.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import type { KnownEvent } from '../../operate/deliveries/known-event.ts';
import { collect, examples } from '../options.ts';
import { print, printJson, printTable } from '../print.ts';
import { type Target, targeted, withTarget } from '../target.ts';
import { drawExplanation } from './draw-explanation.ts';

const RULES = fileURLToPath(new URL('../../events/rules', import.meta.url));

export function rulesCommand(): Command {
  return new Command('rules')
    .description('which events start what')
    .addCommand(listCommand())
    .addCommand(checkCommand())
    .addCommand(explainCommand())
    .addCommand(newCommand());
}

function listCommand(): Command {
  return examples(targeted(new Command('list')), 'rules list')
    .description('the rules of the deployment, and what each matches in words')
    .action((options: Target) =>
      withTarget(options, async (connection) => {
        const [{ listRules }, { inWords }] = await Promise.all([
          import('../../operate/rules/index.ts'),
          import('../../operate/rules/clauses.ts'),
        ]);
        const rules = (await listRules(connection)).map((rule) => ({ ...rule, words: inWords(rule.match) }));
        if (options.json) return printJson(rules);
        printTable(
          ['RULE', 'STATE', 'MATCHES'],
          rules.map(({ name, enabled, words }) => [name, enabled ? 'on' : 'off', words]),
        );
      }),
    );
}

function checkCommand(): Command {
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
  const right = checked
    .flatMap(({ files }) => files.map((path) => ({ path, file: relative(process.cwd(), path) })))
    .filter(({ file }) => !problems.some((problem) => problem.file === file));
  return {
    rules: checked.flatMap(({ rules }) => rules),
    problems,
    warnings: right.flatMap(({ path, file }) => ruleDoubts(readFileSync(path, 'utf8'), file)),
  };
}

interface ExplainOptions extends Target {
  readonly rule: readonly string[];
  readonly payload?: string;
  readonly event: string;
  readonly host: string;
}

function explainCommand(): Command {
  return examples(
    targeted(new Command('explain')),
    'rules explain 4f3a21c0',
    'rules explain --payload push.json --event push --rule default',
  )
    .description(
      'why a delivery matches each rule or does not, clause by clause, and what the rule then does',
    )
    .argument('[delivery]', 'its id on the git host, or the beginning of it')
    .option('--payload <file>', 'the JSON of a webhook instead, as copied from the git host')
    .option('--event <name>', 'the event of that payload', 'push')
    .option('--host <name>', 'the host of that payload', usualProvider.usualHost.name)
    .option('--rule <name>', 'only this rule; again for another', collect, [])
    .action((id: string | undefined, options: ExplainOptions, command: Command) => {
      if (id === undefined && options.payload === undefined)
        command.error('error: name a delivery, or a file with --payload');
      return withTarget(options, async (connection) => {
        const [{ explain }, { rulesNamed }] = await Promise.all([
          import('../../operate/rules/explain.ts'),
          import('../../operate/rules/index.ts'),
        ]);
        const event = await eventToExplain(connection, id ?? '', options);
        const rules = await rulesNamed(connection, options.rule);
        const found = await Promise.all(rules.map((rule) => explain(connection, rule, event)));
        if (options.json) return printJson(found);
        for (const explanation of found) print(drawExplanation(explanation));
      });
    });
}

async function eventToExplain(
  connection: Connection,
  id: string,
  { payload, event, host }: ExplainOptions,
): Promise<KnownEvent> {
  const [{ eventOfPayload }, { knownEventOf }, { findDelivery }] = await Promise.all([
    import('../../operate/deliveries/event.ts'),
    import('../../operate/deliveries/known-event.ts'),
    import('../../operate/deliveries/delivery.ts'),
  ]);
  if (payload !== undefined) return { event: eventOfPayload(event, await readPayload(payload), host) };
  const found = await knownEventOf(connection, await findDelivery(connection, id));
  if (found) return found;
  throw new Error(
    `the delivery ${id} was too large to be kept with its execution: copy its payload from the git host and use --payload`,
  );
}

async function readPayload(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${file} is not JSON (${cause instanceof Error ? cause.message : cause}): copy the whole payload`,
      {
        cause,
      },
    );
  }
}

interface NewOptions {
  readonly rules?: string;
  readonly description?: string;
  readonly event: readonly string[];
  readonly repository?: string;
  readonly ref?: string;
  readonly tag?: string;
  readonly pipeline?: string;
  readonly status?: boolean;
  readonly json?: boolean;
}

function newCommand(): Command {
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
    .option('--json', 'as JSON: its name and file')
    .action(async (name: string, { rules = RULES, json, ...options }: NewOptions, command: Command) => {
      if (
        options.event.length === 0 &&
        [options.repository, options.ref, options.tag].every((given) => given === undefined)
      )
        command.error('error: say what the rule matches, with --event, --repository, --ref or --tag');
      const { ruleText } = await import('../../events/rule-text.ts');
      const file = join(rules, `${name}.yaml`);
      await writeFile(file, ruleText(name, options), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? new Error(`there is a rule ${name} already: ${file}`) : error;
      });
      if (json) return printJson({ name, file });
      print(`Wrote ${file}\nA running hookline up takes it up; deploy it with: npx cdk deploy`);
    });
}
