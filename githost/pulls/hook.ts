import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Below the folder of a repository, in which git runs the hook: BASE/TOPIC of each open request, one a line. */
export const OPEN_TOPICS = 'hookline/open-topics';

// Whoever pushes is told at once of what cannot be opened: `remote:` in front of these words.
const PRE_RECEIVE = `#!/bin/sh
refuse() {
  echo "$1" >&2
  exit 1
}
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
        refuse "$ref names no branch to merge into: push to refs/for/BRANCH/TOPIC, as in refs/for/main/fix"
      fi
      topic=\${rest#"$found"/}
      if [ "$(git cat-file -t "$new")" != commit ]; then
        refuse "$ref was given no commit: push one, as in HEAD:$ref, and no annotated tag"
      fi
      clash=$(git for-each-ref --count=1 --format='%(refname:lstrip=2)' "refs/heads/$topic/")
      parent=$topic
      while [ -z "$clash" ] && [ "$parent" != "\${parent%/*}" ]; do
        parent=\${parent%/*}
        if git show-ref --verify --quiet "refs/heads/$parent"; then clash=$parent; fi
      done
      if [ -n "$clash" ]; then
        refuse "$ref wants a branch $topic, which git cannot have beside the branch $clash: choose another topic"
      fi
      if git show-ref --verify --quiet "refs/heads/$topic" \\
        && ! git merge-base --is-ancestor "refs/heads/$topic" "$new" \\
        && ! grep -Fqx -e "$rest" ${OPEN_TOPICS}; then
        refuse "$ref would replace the branch $topic, which has no open request into $found: choose another topic, or build on that branch"
      fi
      echo "a pull request of $topic into $found" ;;
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
