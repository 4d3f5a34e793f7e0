import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { place } from './bundle-place.mjs';
import { mapStackTraces } from './stack-traces.mjs';

/**
 * The bundle of the sources as they are now; undefined when there is none.
 * @param {string} command the command's name: what V8 has compiled for one is kept for the next of that name
 */
export function readBundle(command) {
  try {
    const { name, made } = JSON.parse(readFileSync(place.current, 'utf8'));
    if (!made.every(([path, stamp]) => place.stampOf(path).text === stamp)) return undefined;
    return compile(join(place.folder, name), command);
  } catch {
    return undefined;
  }
}

function compile(folder, command) {
  const filename = join(folder, place.file);
  const compiledFile = join(folder, `${process.version}-${/^[a-z]+$/.exec(command)?.[0] ?? 'none'}`);
  const cachedData = contentOf(compiledFile);
  // The bundle is written in ASCII, which is read the fastest so.
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  return {
    load: () => {
      mapStackTraces(filename);
      const module = { exports: {} };
      script.runInThisContext()(module.exports, createRequire(filename), module);
      return module.exports;
    },
    keepCompiled: () => {
      if (!cachedData || script.cachedDataRejected) write(compiledFile, script.createCachedData());
    },
  };
}

function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Several commands may write at once. Where nothing can be written, the next one compiles for itself. */
function write(file, content) {
  try {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, content);
    renameSync(own, file);
  } catch {}
}
