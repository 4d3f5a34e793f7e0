import { build, type Metafile } from 'esbuild';
import { PROGRAMS, STARTER } from './programs.ts';

/**
 * The test files that load a source, or start a program that does, by source. A file is loaded by the imports that name it.
 * @param tree the folder that all paths are from
 */
export async function testsThatLoad(
  tree: string,
  tests: readonly string[],
  sources: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    absWorkingDir: tree,
    entryPoints: [...tests, ...PROGRAMS],
    ...{ bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm' },
    ...{ metafile: true, write: false, outdir: 'nowhere', logLevel: 'silent' },
  });
  const starting = loadersOf(metafile.inputs, STARTER);
  const loading = (source: string): string[] => {
    const loaders = loadersOf(metafile.inputs, source);
    const isInProgram = PROGRAMS.some((program) => loaders.has(program));
    return tests.filter((test) => loaders.has(test) || (isInProgram && starting.has(test)));
  };
  return new Map(sources.map((source) => [source, loading(source)]));
}

/** @returns the file too */
function loadersOf(inputs: Metafile['inputs'], file: string): Set<string> {
  const found = new Set([file]);
  for (let before = 0; found.size > before; ) {
    before = found.size;
    for (const [name, { imports }] of Object.entries(inputs))
      if (imports.some(({ path }) => found.has(path))) found.add(name);
  }
  return found;
}
