import { readBundle } from './bundle.mjs';
import { place } from './bundle-place.mjs';

// What stays, or makes the template, needs what no bundle holds: the local runtime, the console's server.
const FROM_SOURCES = new Set(['up', 'console', 'doctor']);

/**
 * Runs a command from the bundle of the sources, which loads several times as fast, or from the sources.
 * @param {readonly string[]} argv as `process.argv`
 */
export async function runCommand(argv) {
  const name = argv[2] ?? '';
  const bundle = FROM_SOURCES.has(name) ? undefined : (readBundle(name) ?? (await makeBundle(name)));
  const { main } = bundle?.load() ?? (await loadSources());
  await main(argv);
  if (!process.exitCode) bundle?.keepCompiled();
}

/**
 * The bundle of the sources as they are now; undefined where its folder cannot be written. A fault in a source is for the
 * sources to tell, which run then.
 */
async function makeBundle(name) {
  try {
    await registerTypeScript();
    const { buildBundle } = await import('./build-bundle.ts');
    await buildBundle(place);
    return readBundle(name);
  } catch {
    return undefined;
  }
}

async function loadSources() {
  await registerTypeScript();
  return import('../main.ts');
}

async function registerTypeScript() {
  const { register } = await import('tsx/esm/api');
  register();
}
