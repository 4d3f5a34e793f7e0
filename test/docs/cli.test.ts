import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../../cli/program.ts';
import { cliPage, examplesOf, leaves, nameOf } from '../support/docs/cli-page.ts';
import { ROOT } from '../support/docs/commands.ts';

describe('docs/cli.md', () => {
  it('is what the commands say of themselves', async () => {
    await expect(cliPage()).toMatchFileSnapshot(join(ROOT, 'docs/cli.md'));
  });
});

describe('every command', () => {
  const all = leaves(program());

  it.each(all.map((command) => [nameOf(command), command] as const))(
    '%s has an example that calls it',
    (name, command) => {
      expect(examplesOf(command)).toContain(`\n${name}`);
    },
  );

  it('answers a script', () => {
    for (const command of all) expect(command.options.map(({ long }) => long)).toContain('--json');
  });

  it('has examples with options that it has', () => {
    for (const command of all)
      for (const option of examplesOf(command).match(/(?<= )--[\w-]+/g) ?? [])
        expect([nameOf(command), ...command.options.map(({ long }) => long)]).toContain(option);
  });
});
