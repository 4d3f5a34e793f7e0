import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Whoever pushes is told at once of a branch that is not there: `remote:` in front of these words.
const PRE_RECEIVE = `#!/bin/sh
while read -r old new ref; do
  case $ref in
    refs/for/*)
      rest=\${ref#refs/for/}
      base=$rest
      found=
      while [ -z "$found" ] && [ "$base" != "\${base%/*}" ]; do
        base=\${base%/*}
        if git show-ref --verify --quiet "refs/heads/$base"; then found=$base; fi
      done
      if [ -z "$found" ] || [ "\${rest#"$found"/}" = "$found" ]; then
        echo "$ref names no branch to merge into: push to refs/for/BRANCH/TOPIC, as in refs/for/main/fix" >&2
        exit 1
      fi
      echo "a pull request of \${rest#"$found"/} into $found" ;;
  esac
done
`;

/** Writes the hook that every push runs. @returns its folder, for `core.hooksPath` */
export function writeHook(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'pre-receive');
  writeFileSync(path, PRE_RECEIVE);
  chmodSync(path, 0o755);
  return folder;
}
