import { describe, expect, it } from 'vitest';
import { targetText } from '../../cli/target.ts';

describe('the options that name a deployment', () => {
  it.each([
    [{ data: '.hookline' }, ''],
    [{ data: '/tmp/data-1' }, ' --data /tmp/data-1'],
    [{ data: "/tmp/it's mine" }, " --data '/tmp/it'\\''s mine'"],
    [{ data: '.hookline', stack: 'Hookline' }, ' --stack Hookline'],
  ])('%j are typed as "%s"', (target, text) => {
    expect(targetText(target)).toBe(text);
  });
});
