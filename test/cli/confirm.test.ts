import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../cli/confirm.ts';

/** A terminal at which somebody types, or which is closed. */
function terminal(typed: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream;
  const output = new PassThrough();
  (input as unknown as PassThrough).end(typed);
  return { input, output, said: () => text(output.end()) };
}

describe('a question', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    // The end of the input, as Ctrl-D is.
    ['', false],
  ])('that is answered by %j: %s', async (typed, answer) => {
    const { input, output, said } = terminal(typed);
    expect(await confirm('Run 2 deliveries again?', input, output)).toBe(answer);
    expect(await said()).toContain('Run 2 deliveries again? [y/N] ');
  });

  it('is an error where nobody can be asked', async () => {
    const { input, output } = terminal('y\n');
    input.isTTY = false;
    await expect(confirm('Sure?', input, output)).rejects.toThrow('give --yes');
  });
});
