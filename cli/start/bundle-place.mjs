import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const checkout = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);

/** Where the bundles of this checkout are. Another checkout may have the same packages, by a link. */
const FOLDER = join(ROOT, 'node_modules/.cache/hookline/cli', checkout);

/** The file that names the folder of the bundle in use, and what it was made of: `{ name, made: [[path, stamp], …] }`. */
const CURRENT = join(FOLDER, 'current.json');

/** The bundle and its source map, in its folder. */
const FILE = 'cli.cjs';

// A file that was changed in the very moment in which it was read may have been changed once more within it.
const MOMENT_MS = 100;

/**
 * What is another whenever a file has changed: its times and its size.
 * @param {string} path below the checkout
 * @throws when there is no such file
 */
function stampOf(path) {
  const { mtimeMs, ctimeMs, size } = statSync(join(ROOT, path));
  return {
    text: `${mtimeMs} ${ctimeMs} ${size}`,
    isSettled: Date.now() - Math.max(mtimeMs, ctimeMs) > MOMENT_MS,
  };
}

/** Where the bundle is, and how its age is told. */
export const place = { root: ROOT, folder: FOLDER, current: CURRENT, file: FILE, stampOf };
