import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, plainLines, progressLine } from '../../cli/progress.ts';
import { createProgress } from '../../cli/up/progress.ts';

describe('a progress line', () => {
  it('writes a plain line at each quarter and at each new text, however often it is shown', () => {
    const lines: string[] = [];
    const line = plainLines({ write: (text) => lines.push(text) });
    for (let done = 0; done <= 1000; done++) line.show('Replay running', done / 1000);
    line.show('Replay completed', 1);
    expect(lines).toEqual([
      '  0 %  Replay running\n',
      ' 25 %  Replay running\n',
      ' 50 %  Replay running\n',
      ' 75 %  Replay running\n',
      '100 %  Replay running\n',
      '100 %  Replay completed\n',
    ]);
  });

  it('writes plain lines in a terminal that does not know its size', async () => {
    const said: string[] = [];
    const write = (text: string) => said.push(text);
    const terminal = Object.assign(Object.create(process.stderr), {
      isTTY: true,
      rows: 0,
      columns: 0,
      write,
    });
    (await progressLine(terminal)).show('Replay running', 0.5);
    createProgress(terminal).show([{ name: 'Pull', startedAt: 0, endedAt: 1500, failed: false }]);
    expect(said).toEqual([' 50 %  Replay running\n', `  ✔ ${'Pull'.padEnd(24)} 1.50 s\n`]);
  });

  it('draws a bar of the same width for every number', () => {
    fc.assert(
      fc.property(fc.double(), (done) => {
        expect(bar(done)).toMatch(/^█*░*$/);
        expect(bar(done)).toHaveLength(30);
      }),
    );
  });
});
