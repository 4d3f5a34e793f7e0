import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complete } from '../../../cli/completion/candidates.ts';
import { SHELLS } from '../../../cli/completion/scripts.ts';
import { program } from '../../../cli/program.ts';
import { COMMAND, type Commanded, startCommand } from '../../support/cli/command.ts';
import { runInProcess } from '../../support/cli/in-process.ts';

let on: Commanded;
beforeAll(async () => {
  on = await startCommand();
});
afterAll(() => on?.remove());

/** What a real bash offers for each line, the last word of which is being typed. */
async function offered(...lines: string[][]): Promise<string[][]> {
  const quoted = (word: string): string => `'${word}'`;
  const tries = lines.map(
    (words) =>
      `COMP_WORDS=(hookline ${words.map(quoted).join(' ')}) COMP_CWORD=${words.length}; _hookline; IFS=' '; echo "\${COMPREPLY[*]}"`,
  );
  const script = `source <(${quoted(process.execPath)} ${quoted(COMMAND)} completion bash)\n${tries.join('\n')}`;
  const { stdout } = await execa('bash', ['--norc', '-c', script], { cwd: on.folder });
  return stdout.split('\n').map((line) => line.split(' ').filter(Boolean));
}

describe('bash', () => {
  it('is offered commands, options, choices, and what the deployment knows', async () => {
    const { data } = on.hookline;
    const [commands, options, choices, rules, assigned, none] = await offered(
      ['del'],
      ['deliveries', 'list', '--o'],
      ['secret', 'set', 'github.com', ''],
      ['replay', '--data', data, '--rule', ''],
      ['replay', '--data', '=', data, '--rule', '=', 'de'],
      ['rules', 'explain', '--data', '/no/such/folder', '--rule', ''],
    );
    expect(commands).toEqual(['deliveries']);
    expect(options).toEqual(['--outcome']);
    expect(choices).toEqual(['webhook', 'token', 'app', 'username', 'ssh-key', 'known-hosts']);
    expect(rules).toEqual(['default', 'demo']);
    expect(assigned).toEqual(['default', 'demo']);
    expect(none).toEqual([]);
  });

  it('is not offered an id that a shell would run', async () => {
    for (const deliveryId of ['$(touch${IFS}pwned)', '`touch pwned`', 'a;b', 'fit-to-be-typed'])
      await on.hookline.smuggle('push', deliveryId);
    await on.hookline.ended('fit-to-be-typed');
    const [ids] = await offered(['deliveries', 'show', '--data', on.hookline.data, '']);
    expect(ids).toContain('fit-to-be-typed');
    expect(ids?.filter((id) => !/^[\w.-]+$/.test(id))).toEqual([]);
  });

  it('takes the script', async () => {
    const { stdout } = await runInProcess(['completion', 'bash'], { cwd: on.folder });
    await execa('bash', ['-n'], { input: stdout });
  });
});

describe('a completion', () => {
  const values = (...words: string[]): string[] =>
    complete(program(), words).candidates.map(({ value }) => value);

  it('puts a value behind its option, and says which deployment is meant', () => {
    const found = complete(program(), ['replay', '--stack=Prod', '--data', 'x', '--rule=d']);
    expect(found).toMatchObject({ kind: 'rule', prefix: '--rule=', typed: 'd' });
    expect(found.target).toMatchObject({ stack: 'Prod', data: 'x' });
  });

  it('offers no hidden command, and nothing behind the last argument', () => {
    expect(values('')).not.toContain('complete');
    expect(values('secret', 'set', 'github.com', 'token', '')).toEqual([]);
  });

  it('takes every word, and offers each command of the tree below its parent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1 }),
        (words) => complete(program(), words) !== undefined,
      ),
    );
    for (const { commands, name } of program().commands.map((each) => ({
      commands: each.commands,
      name: each.name(),
    })))
      if (commands.length > 0)
        expect(values(name, '')).toEqual([...commands.map((each) => each.name()), 'help']);
  });

  it('has a script for each shell, and refuses another', async () => {
    const [zsh, fish, other] = await Promise.all(
      ['zsh', 'fish', 'tcsh'].map((shell) => runInProcess(['completion', shell], { cwd: on.folder })),
    );
    expect(SHELLS).toEqual(['bash', 'zsh', 'fish']);
    expect(zsh?.stdout).toMatch(/^#compdef hookline\n/);
    expect(fish?.stdout).toMatch(/^complete -c hookline /m);
    expect(other).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh, fish'),
    });
  });
});
