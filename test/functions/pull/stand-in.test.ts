import { describe, expect, it } from 'vitest';
import { asCommit } from '../../../functions/pull/stand-in.ts';

describe('the id at the end of a zip', () => {
  const zipOf = async function* (...parts: string[]) {
    for (const part of parts) yield Buffer.from(part);
  };
  const named = async (...parts: string[]) => {
    const found: string[] = [];
    for await (const part of asCommit(zipOf(...parts), 'standin', 'commit!')) found.push(part.toString());
    return found;
  };

  it('is the commit’s, in whatever pieces the zip comes', async () => {
    expect(await named('zip', 'standin')).toEqual(['zip', 'commit!']);
    expect((await named('zi', 'pstan', 'd', 'in')).join('')).toBe('zipcommit!');
    expect(await named('standin')).toEqual(['commit!']);
    expect((await named('standin', 'zip', 'standin')).join('')).toBe('standinzipcommit!');
  });

  it('stays where it is another', async () => {
    expect((await named('zip', 'another')).join('')).toBe('zipanother');
  });
});
