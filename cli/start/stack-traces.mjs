import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/**
 * Has stack traces name the sources in place of a bundle. Its map is read when the first trace is.
 * @param {string} bundle the file, beside which its map stands
 */
export function mapStackTraces(bundle) {
  let map;
  const placeOf = (line, column) => {
    map ??= new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
    const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return `${bundle}:${line}:${column}`;
    return `${resolve(dirname(bundle), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  };
  Error.prepareStackTrace = (error, frames) =>
    [error, ...frames.map((frame) => `    at ${inSources(String(frame), bundle, placeOf)}`)].join('\n');
}

function inSources(frame, bundle, placeOf) {
  const at = frame.indexOf(`${bundle}:`);
  if (at < 0) return frame;
  const [, line, column, rest] = /^(\d+):(\d+)(.*)$/.exec(frame.slice(at + bundle.length + 1));
  return frame.slice(0, at) + placeOf(Number(line), Number(column)) + rest;
}
