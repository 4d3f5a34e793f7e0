import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullExitStatus } from '../../../functions/shared/errors.ts';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';
import type { Repository } from '../../support/repository.ts';
import { readZip } from '../../support/zip.ts';

/** A submodule as a test writes it: its url in `.gitmodules`, and its commit. */
interface Module {
  readonly url: string;
  readonly commit: string;
}

describe('submodules', () => {
  let bench: Bench;
  /** the head of each repository */
  const heads: Record<string, string> = {};
  beforeAll(async () => {
    bench = await openBench();
    for (const name of ['acme/lib', 'evil/secret', 'other/tools'])
      heads[name] = await commit(await bench.repository(name), [], { 'name.txt': name });
    heads['other/nested'] = await commit(await bench.repository('other/nested'), [
      module('../../acme/lib', heads['acme/lib']),
      module('../../evil/secret', heads['evil/secret']),
    ]);
  });
  afterAll(() => bench?.close());

  const module = (url: string, commit = ''): Module => ({ url: `${url}.git`, commit });
  /** Commits these submodules, at `m/0` and so on, and pushes. */
  const commit = async (
    { git, commit }: Repository,
    modules: readonly Module[],
    files: Record<string, string> = {},
  ) => {
    const sections = modules.map(({ url }, n) => `[submodule "${n}"]\n\tpath = m/${n}\n\turl = ${url}\n`);
    await commit({ ...files, '.gitmodules': sections.join('') });
    const links = modules.map(({ commit }, n) => ['--cacheinfo', `160000,${commit},m/${n}`]);
    if (links.length > 0) await git('update-index', '--add', ...links.flat());
    await git('commit', '--quiet', '--amend', '--allow-empty', '--no-edit');
    await git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/main');
    return git('rev-parse', 'HEAD');
  };
  const pull = async (
    modules: readonly Module[],
    submodules: NonNullable<Delivery['pull']>['submodules'],
    more: { git?: boolean } = {},
  ) => {
    const delivered = await commit(bench.app, modules);
    return bench.run({ commit: delivered, pull: { ...more, submodules: submodules ?? true } });
  };
  const names = async (run: Awaited<ReturnType<typeof pull>>) => {
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const zip = await readZip(bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0));
    return [...zip].flatMap(([path, { body }]) => (path.endsWith('name.txt') ? [body.toString()] : []));
  };

  it.each([{}, { git: true }])('of another owner are not drawn into an artifact, by %j', async (more) => {
    const secret = module('../../evil/secret', heads['evil/secret']);
    const asked = bench.host.requests.length;
    const run = await pull([secret], true, more);
    expect(run.output).toContain(
      'SubmoduleNotAllowed: submodule "m/0" is the repository "evil/secret", whose owner is not that of acme/app; if the artifact may hold it, give the rule `pull: { submodules: { from: [acme/*, evil/secret] } }`',
    );
    expect(run).toMatchObject({ status: pullExitStatus.SubmoduleNotAllowed, left: [] });
    expect(bench.host.requests.slice(asked).filter(({ url }) => url.includes('secret'))).toEqual([]);
  });

  it('of another owner are refused by an scp-like url with a step up', async () => {
    const stepUp = module('git@127.0.0.1:acme/../evil/secret', heads['evil/secret']);
    const run = await pull([stepUp], { from: ['acme/**'] });
    expect(run.output).toContain('Malformed: repository "acme/../evil/secret" is not of the form owner/name');
    expect(run.status).toBe(pullExitStatus.PullFailed);
  });

  it('come from what `from` names alone', async () => {
    const modules = [module('../lib', heads['acme/lib']), module('../../other/tools', heads['other/tools'])];
    expect(await names(await pull(modules, { from: ['acme/*', 'other/t*'] }))).toEqual([
      'acme/lib',
      'other/tools',
    ]);
    const run = await pull(modules, { from: ['other/tools'] });
    expect(run.output).toContain(
      'submodule "m/0" is the repository "acme/lib", which `submodules: { from: [other/tools] }` does not name; add "acme/lib" to `from`',
    );
  });

  it('of a submodule are held to the rule of the delivered repository', async () => {
    const run = await pull([module('../../other/nested', heads['other/nested'])], {
      from: ['acme/*', 'other/*'],
    });
    expect(run.output).toContain('SubmoduleNotAllowed: submodule "m/1" is the repository "evil/secret"');
  });

  it('without a file are a folder, as in a checkout', async () => {
    const { git } = await bench.repository('acme/empty');
    const tree = await git('hash-object', '-t', 'tree', '-w', '/dev/null');
    const empty = await git('commit-tree', '-m', 'no file', tree);
    await git('push', '--quiet', '--force', 'origin', `${empty}:refs/heads/main`);
    const run = await pull(
      [module('../../acme/empty', empty), module('../../acme/lib', heads['acme/lib'])],
      true,
    );
    expect(await names(run)).toEqual(['acme/lib']);
    const zip = await readZip(bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0));
    expect([...zip.keys()]).toEqual(['.gitmodules', 'm/', 'm/0/', 'm/1/', 'm/1/.gitmodules', 'm/1/name.txt']);
  });

  it('are 100 at most in an artifact, and nothing is fetched of more', async () => {
    const lib = module('../lib', heads['acme/lib']);
    const asked = bench.host.requests.length;
    const run = await pull(Array<Module>(101).fill(lib), true);
    expect(run.output).toContain('SubmoduleLimit: acme/app has 101 submodules or more, and 100 is the most');
    expect(run).toMatchObject({ status: pullExitStatus.SubmoduleLimit, left: [] });
    expect(bench.host.requests.slice(asked).filter(({ url }) => url.includes('lib'))).toEqual([]);
  });

  it('are 5 deep at most', async () => {
    let inner = module('../lib', heads['acme/lib']);
    for (const n of [5, 4, 3, 2, 1]) {
      const repository = await bench.repository(`acme/deep-${n}`);
      inner = module(`../../acme/deep-${n}`, await commit(repository, [inner]));
    }
    const run = await pull([inner], true);
    expect(run.output).toMatch(
      /SubmoduleLimit: commit [0-9a-f]{40} has submodules 6 deep, and 5 is the most/,
    );
    expect(run).toMatchObject({ status: pullExitStatus.SubmoduleLimit, left: [] });
  });
});
