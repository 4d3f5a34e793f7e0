import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Git } from '../../../functions/pull/git.ts';
import { factsOf, metadataOf } from '../../../functions/pull/metadata.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

const facts = { tree: 'the-tree', time: 1, subject: 'Subject' };
const commit = '0123456789'.repeat(4);
const of = (ref: string, subject = 'Subject', deliveryId = 'd1') =>
  metadataOf({ commit, ref, deliveryId }, { ...facts, subject });
const summary = 'codepipeline-artifact-revision-summary';
const decoded = (words: string) =>
  words
    .split(' ')
    .map((word) =>
      Buffer.from(/^=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=$/.exec(word)?.[1] ?? '', 'base64').toString(),
    )
    .join('');

describe('the metadata of an artifact', () => {
  it('is its commit, tree, ref, delivery and a summary', () => {
    expect(of('refs/heads/main')).toEqual({
      commit,
      tree: 'the-tree',
      ref: 'refs/heads/main',
      delivery: 'd1',
      [summary]: '0123456 Subject',
    });
  });

  it('of a folder has the folder’s tree and content', () => {
    const folder = { path: 'a', tree: 'of-folder', attributes: [], content: 'of-content' };
    const metadata = metadataOf({ commit, ref: 'r', deliveryId: 'd' }, facts, folder);
    expect(metadata).toMatchObject({ tree: 'of-folder', content: 'of-content' });
  });

  it('is ASCII that stays to be read', () => {
    expect(of('r', 'Añadir: grüße\t\n日本 ~', 'd\u00e91\u007f2')).toMatchObject({
      delivery: 'de1 2',
      [summary]: '0123456 Anadir: gru?e ?? ~',
    });
    expect(of('r', '').codepipeline).toBeUndefined();
    expect(of('r', '')[summary]).toBe('0123456');
    expect(of('r', 'é'.normalize('NFC'))[summary]).toBe('0123456 e');
  });

  it('fits what S3 takes', () => {
    const long = of('x'.repeat(2000), `${'s'.repeat(391)} ${'t'.repeat(100)}`, 'd'.repeat(200));
    expect([long.ref?.length, long.delivery?.length]).toEqual([900, 100]);
    expect(long[summary]).toBe(`0123456 ${'s'.repeat(391)}`);
    expect(of('r', 's'.repeat(1000))[summary]).toHaveLength(400);
  });

  it.each([
    'refs/heads/ü',
    'refs/heads/a b',
    `refs/heads/${'ünï-日本-'.repeat(12)}x`,
    'ü'.repeat(30),
    '\u007f',
  ])('has a ref that is no plain ASCII in encoded words: %s', (ref) => {
    const words = of(ref).ref ?? '';
    expect(decoded(words)).toBe(ref);
    for (const word of words.split(' ')) expect(word.length).toBeLessThanOrEqual(75);
  });

  it('fills each encoded word before the next one', () => {
    const lengths = (ref: string) =>
      of(ref)
        .ref?.split(' ')
        .map((word) => word.length);
    expect(lengths(`ü${'x'.repeat(43)}`)).toEqual([72]);
    expect(lengths(`ü${'x'.repeat(44)}`)).toEqual([72, 16]);
  });

  it('leaves the end of a long ref away, whole words at a time', () => {
    const ref = `ü${'x'.repeat(43)}`.repeat(20);
    const words = of(ref).ref ?? '';
    expect(words.length).toBe(12 * 72 + 11);
    expect(ref.startsWith(decoded(words))).toBe(true);
    // eleven words of 72, one of 72 and one of 24 with the spaces between them have 900
    const fits = `${`ü${'x'.repeat(43)}`.repeat(12)}yyyyyyy`;
    expect(of(fits).ref?.length).toBe(900);
    expect(decoded(of(fits).ref ?? '')).toBe(fits);
    expect(of(`${fits}zzz`).ref?.length).toBe(875);
  });
});

describe('the facts of a commit', () => {
  let repository: Repository;
  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository?.remove());

  it('are its tree, time and subject', async () => {
    const id = await repository.commit({ 'a.txt': 'a' }, 'Größe\n\nbody');
    const repo = { gitDir: `${repository.folder}/.git` };
    expect(await factsOf(new Git(repository.folder), repo, id)).toEqual({
      tree: await repository.git('rev-parse', 'HEAD^{tree}'),
      time: Number(await repository.git('log', '-1', '--format=%ct')),
      subject: 'Größe',
    });
  });
});
