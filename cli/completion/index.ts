import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { examples } from '../options.ts';
import { print, printJson } from '../print.ts';
import { completionScript, SHELLS, type Shell } from './scripts.ts';

const HOOKLINE = fileURLToPath(new URL('../hookline.mjs', import.meta.url));

export function completionCommand(): Command {
  return examples(
    new Command('completion'),
    'completion bash >> ~/.bashrc',
    'completion zsh >> ~/.zshrc',
    'completion fish > ~/.config/fish/completions/hookline.fish',
  )
    .description('print the script by which a shell completes commands, options, rules and deliveries')
    .addArgument(new Argument('<shell>', 'the shell').choices([...SHELLS]))
    .option('--json', 'as JSON')
    .action((shell: Shell, { json }: { json?: boolean }) => {
      const script = completionScript(shell, [process.execPath, HOOKLINE]);
      if (json) printJson({ shell, script });
      else process.stdout.write(script);
    });
}

/** The command that the shells' scripts call: prints a candidate a line, its description behind a tab. */
export function completeCommand(program: () => Command): Command {
  return new Command('complete')
    .description('how a command line can go on, for the scripts of "hookline completion"')
    .argument('[words...]', 'everything behind hookline, the last being the word that is typed')
    .action(async (words: string[]) => {
      const { complete } = await import('./candidates.ts');
      const { candidates, kind, prefix, typed, target } = complete(program(), words);
      const values = kind
        ? await (await import('./deployment-values.ts')).deploymentValues(kind, target)
        : [];
      for (const { value, description } of [...candidates, ...values])
        if (value.startsWith(typed))
          print([prefix + value, ...(description ? [oneLine(description)] : [])].join('\t'));
    });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
