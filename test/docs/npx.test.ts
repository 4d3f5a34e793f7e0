import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/docs/commands.ts';

// Anybody may take a name that the npm registry does not have, and `npx` runs what the registry has.
const COMMAND = 'npx hookline';

/** The files that the repository holds and that say the command. */
const saying = execaSync('git', ['grep', '--fixed-strings', '-l', COMMAND, '--', ':!test'], {
  cwd: ROOT,
}).stdout.split('\n');

describe('npx hookline', () => {
  it('is told by pages alone: what the product prints is read anywhere', () => {
    expect(saying.filter((file) => !file.endsWith('.md'))).toEqual([]);
  });

  it.each(saying)('is said to be for the checkout by %s', (file) => {
    expect(readFileSync(`${ROOT}/${file}`, 'utf8')).toMatch(/inside of this\s+checkout/i);
  });
});
