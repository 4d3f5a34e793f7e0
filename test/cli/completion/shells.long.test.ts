import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COMMAND, type Commanded, startCommand } from '../../support/cli/command.ts';

let on: Commanded;
beforeAll(async () => {
  on = await startCommand();
  await writeFile(join(on.folder, 'a-rule-to-check.yaml'), '');
});
afterAll(() => on?.remove());

/** Runs a shell of somebody who has configured nothing; it ends with the test whatever it waits for. */
function inShell(shell: string, args: readonly string[]) {
  const child = execa(shell, args, { cwd: on.folder, env: { HOME: on.folder, ZDOTDIR: on.folder } });
  onTestFinished(() => void child.kill());
  return child;
}

const script = (shell: string): string => `'${process.execPath}' '${COMMAND}' completion ${shell}`;

describe('fish', () => {
  /** What fish offers for a line, with what it says of each. */
  async function offered(line: string): Promise<string[]> {
    const program = `${script('fish')} | source; complete -C "${line}"`;
    const { stdout } = await inShell('fish', ['--no-config', '-c', program]);
    return stdout.split('\n').filter(Boolean);
  }

  it('is offered commands, options, choices, what the deployment knows, and files where nothing is known', async () => {
    const [commands, options, choices, rules, files] = await Promise.all([
      offered('hookline del'),
      offered('hookline deliveries list --outc'),
      offered('hookline secret set github.com ssh'),
      offered(`hookline replay --data ${on.hookline.data} --rule de`),
      offered('hookline rules check a-rule'),
    ]);
    expect(commands).toEqual([expect.stringMatching(/^deliveries\tthe deliveries that came in/)]);
    expect(options).toEqual([expect.stringMatching(/^--outcome\tonly these outcomes/)]);
    expect(choices).toEqual(['ssh-key']);
    expect(rules?.map((rule) => rule.split('\t')[0])).toEqual(['default', 'demo']);
    expect(files).toEqual(['a-rule-to-check.yaml']);
  });
});

describe('zsh', () => {
  /** What the arguments of `hookline` are once lines with tabs in them are typed, in a zsh that was only just installed. */
  async function typed(...lines: string[]): Promise<string[]> {
    // The words are parted, so that the echo of what is typed is not taken for what is printed.
    const setUp = `source <(${script('zsh')}); hookline() { print -r -- "TA""KEN<$*>" }; print REA""DY`;
    const program = [
      'zmodload zsh/zpty',
      "zpty z 'PS1= TERM=dumb zsh -f -i'",
      'zpty -w z "$1"; shift',
      "zpty -r -m z out '*READY*'",
      'for line; do zpty -w z "$line"; zpty -r -m z out \'*TAKEN<*>*\'; print -r -- "$out"; done',
      'zpty -d z',
    ].join('\n');
    const { stdout } = await inShell('zsh', ['-f', '-c', program, 'zsh', setUp, ...lines]);
    return [...stdout.matchAll(/TAKEN<(.*)>/g)].map(([, words = '']) => words);
  }

  it('completes commands, options, choices, what the deployment knows, and files where nothing is known', async () => {
    const lines = [
      'hookline del\tli\t--outc\tPong',
      'hookline secret set github.com ssh\t',
      `hookline replay --data ${on.hookline.data} --rule dem\t`,
      'hookline rules check a-rule\t',
    ];
    expect(await typed(...lines)).toEqual([
      'deliveries list --outcome Pong',
      'secret set github.com ssh-key',
      `replay --data ${on.hookline.data} --rule demo`,
      'rules check a-rule-to-check.yaml',
    ]);
  });
});
