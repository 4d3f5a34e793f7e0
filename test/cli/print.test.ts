import { describe, expect, it } from 'vitest';
import { alignedLines, columns } from '../../cli/print.ts';
import { displayWidth } from '../../cli/width.ts';

describe('a table', () => {
  it('fits the terminal whatever the names: the widest columns are cut', () => {
    const rows = [
      ['EVENT', 'REPOSITORY', 'REF', 'OUTCOME'],
      ['push', `acme/${'x'.repeat(400)}`, 'feature/'.repeat(20), 'Published'],
    ];
    const lines = columns(rows, 60);
    expect(lines.every((line) => displayWidth(line) <= 60)).toBe(true);
    expect(lines[1]).toMatch(/^push {3}acme\/x+… {2}feature\S+… {2}Published$/);
    expect(columns(rows)[1]).toHaveLength(5 + 405 + 160 + 9 + 3 * 2);
  });

  it('has any number of lines', () => {
    const rows = Array.from({ length: 200_000 }, (_, number) => [String(number), 'x']);
    expect(columns(rows)[1]).toBe('1       x');
  });

  it('stands in columns where characters are wide', () => {
    expect(
      columns([
        ['a', 'x'],
        ['日本', 'x'],
        ['🚀', 'x'],
      ]),
    ).toEqual(['a     x', '日本  x', '🚀    x']);
    expect(columns([['日本語のブランチ', 'x']], 9)).toEqual(['日本…   x']);
  });
});

describe('lines that come one by one', () => {
  it('stand below their names, an empty cell too, and as wide as the widest so far', () => {
    const lineOf = alignedLines(['EVENT', 'REF', 'OUTCOME']);
    expect([
      lineOf(['ping', '', 'Pong']),
      lineOf(['push', 'feature/a', 'Published']),
      lineOf(['ping', '', 'Pong']),
    ]).toEqual(['ping        Pong', 'push   feature/a  Published', 'ping              Pong']);
  });

  it('need no names', () => {
    const lineOf = alignedLines();
    expect([lineOf(['default', 'Pull']), lineOf(['a', 'Published'])]).toEqual([
      'default  Pull',
      'a        Published',
    ]);
  });
});
