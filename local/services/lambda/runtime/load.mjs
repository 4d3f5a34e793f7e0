import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The order of Lambda's Node.js runtime.
const EXTENSIONS = ['.js', '.mjs', '.cjs'];

/** Loads `dir/index.handler` of the function's folder. */
export async function loadHandler(root, name) {
  const [, module, exported] = /^(.*?[^./]+)\.(.+)$/.exec(name) ?? [];
  if (!module) throw named('Runtime.MalformedHandlerName', `Bad handler: ${name}; write file.export`);
  const file = EXTENSIONS.map((extension) => join(root, module + extension)).find(existsSync);
  if (!file) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${module}' in ${root}`);
  const handler = exported.split('.').reduce((value, key) => value?.[key], await load(root, file));
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  return handler;
}

async function load(root, file) {
  try {
    return isCommonJs(root, file) ? loadCommonJs(file) : await import(pathToFileURL(file));
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${cause.message}`, cause);
    const missing = cause?.code === 'MODULE_NOT_FOUND' || cause?.code === 'ERR_MODULE_NOT_FOUND';
    throw missing ? named('Runtime.ImportModuleError', `Error: ${cause.message}`, cause) : cause;
  }
}

/** On Lambda nothing lies above the function's folder, so only a package.json inside it can make `.js` a module. */
function isCommonJs(root, file) {
  if (!file.endsWith('.js')) return file.endsWith('.cjs');
  const manifest = join(root, 'package.json');
  return !existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).type !== 'module';
}

/** Compiles the file as CommonJS whatever a package.json above the function's folder says. */
function loadCommonJs(file) {
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  module._compile(readFileSync(file, 'utf8'), file);
  return module.exports;
}

function named(name, message, cause) {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}
