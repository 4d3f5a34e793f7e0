import { describe, expect, it } from 'vitest';
import { columns } from '../../cli/print.ts';
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
