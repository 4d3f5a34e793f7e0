import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bar, plainLines } from '../../cli/progress.ts';

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

it('draws a bar of the same width for every number', () => {
  fc.assert(
    fc.property(fc.double(), (done) => {
      expect(bar(done)).toMatch(/^█*░*$/);
      expect(bar(done)).toHaveLength(30);
    }),
  );
});
