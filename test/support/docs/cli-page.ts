import type { Command } from 'commander';
import { program } from '../../../cli/program.ts';

const HEAD = `# The command

\`hookline\` operates what is deployed, on AWS or on this machine. This page is made from the command's own help;
\`npx vitest run test/docs/cli.test.ts -u\` makes it again.

- A command is for the Hookline that \`hookline up\` runs on the folder \`.hookline\`; \`--data FOLDER\` names another one, \`--stack NAME\`
  a stack on AWS, with the credentials and the Region of the environment.
- \`--json\` writes one JSON value to standard output, and \`deliveries watch\` one for each line. Progress and
  other words for people go to standard error.
- It exits with 0 when all is done, 1 when something failed (one line on standard error says what), 2 when the call was wrong, 130
  when it was interrupted before all was done: a replay that was cancelled.
- \`hookline completion bash\`, \`zsh\` or \`fish\` prints what completes commands, options, choices, and the rules, hosts and deliveries of
  the deployment.
- Inside of this checkout, call it \`npx hookline\`; nowhere else, as the npm registry has no package of it.
`;

/** docs/cli.md: each command with its arguments, options and examples, in the order of the help. */
export const cliPage = (): string => [HEAD, ...leaves(program()).map(section)].join('\n');

export function leaves(command: Command): Command[] {
  const below = command.createHelp().visibleCommands(command);
  const own = below.filter((each) => each.name() !== 'help');
  return own.length === 0 ? [command] : own.flatMap(leaves);
}

export function nameOf(command: Command): string {
  return [...(command.parent ? [nameOf(command.parent)] : []), command.name()].join(' ');
}

function section(command: Command): string {
  const help = command.createHelp();
  const parts = [
    ...help.visibleArguments(command).map((each) => [`<${each.name()}>`, help.argumentDescription(each)]),
    ...command.options.map((each) => [each.flags, help.optionDescription(each)]),
  ];
  const usage = `${nameOf(command)} ${command.usage()}`;
  const rows = parts.map(([name, text = '']) => `| \`${name}\` | ${text.replaceAll('|', '\\|')} |`);
  return [
    `## ${nameOf(command)}\n`,
    `${command.description()}\n`,
    `    ${usage}\n`,
    ['| | |', '| --- | --- |', ...rows].join('\n'),
    '',
    examplesOf(command),
  ].join('\n');
}

/** What stands behind `Example:` in the help. */
export function examplesOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  const [, lines = ''] = /\nExamples?:\n([\s\S]*?)\n\n/.exec(text) ?? [];
  return `\`\`\`text\n${lines.replace(/^ {2}/gm, '')}\n\`\`\`\n`;
}
