import { globToRegExp } from '../../events/glob.ts';
import type { PullOptions } from '../../events/pull-options.ts';
import type { Repository } from '../shared/artifact.ts';
import { errors, HooklineError } from '../shared/errors.ts';

/** Submodules of one artifact, theirs included: each is a fetch, and a build on Lambda compute has 15 min. */
const MAX_SUBMODULES = 100;
/** A submodule's submodules, and theirs: what is nested deeper was hardly made by a person. */
const MAX_DEPTH = 5;

/** What the submodules of one artifact may be. */
export interface SubmoduleBounds {
  /**
   * Throws `SubmoduleNotAllowed` for a repository of the host that the rule does not let in. The host's token reads it,
   * and whoever pushes a `.gitmodules` may not.
   * @param path of the submodule, for the message
   */
  check(path: string, fullName: string): void;
  /**
   * Throws `SubmoduleNotAllowed` for an address at another host that the rule does not name: a build inside a VPC reaches
   * hosts there, and whoever pushes does not.
   */
  checkElsewhere(path: string, url: string): void;
  /** Counts submodules that one commit has at one depth. Throws `SubmoduleLimit`. */
  count(submodules: number, depth: number, commit: string): void;
}

/** The bounds of a rule for one artifact of a repository; none when the rule leaves submodules out. */
export function boundsOf(
  submodules: PullOptions['submodules'],
  { fullName }: Pick<Repository, 'fullName'>,
): SubmoduleBounds | undefined {
  if (submodules === false) return undefined;
  const from = typeof submodules === 'boolean' ? undefined : submodules.from;
  // Hosts write owners and names in the letters of whoever wrote the URL.
  const regExps = (isAddress: boolean): RegExp[] =>
    (from ?? [])
      .filter((pattern) => pattern.startsWith('https://') === isAddress)
      .map((pattern) => globToRegExp(pattern.toLowerCase().replace(/\.git$/, '')));
  const [patterns, addresses] = [regExps(false), regExps(true)];
  const owner = ownerOf(fullName.toLowerCase());
  let total = 0;
  return {
    check(path, wanted) {
      const name = wanted.toLowerCase();
      if (from ? patterns.some((pattern) => pattern.test(name)) : ownerOf(name) === owner) return;
      const why = from
        ? notNamed(from, wanted)
        : `whose owner is not that of ${fullName}; ${toAdd(fullName, wanted)}`;
      throw notAllowed(
        `submodule ${JSON.stringify(path)} is the repository ${JSON.stringify(wanted)}, ${why}`,
      );
    },
    checkElsewhere(path, url) {
      const wanted = url.replace(/\/+$/, '').replace(/\.git$/, '');
      if (addresses.some((pattern) => pattern.test(wanted.toLowerCase()))) return;
      const why = from ? notNamed(from, wanted) : `at another host; ${toAdd(fullName, wanted)}`;
      throw notAllowed(`submodule ${JSON.stringify(path)} is ${JSON.stringify(wanted)}, ${why}`);
    },
    count(submodules, depth, commit) {
      total += submodules;
      if (submodules > 0 && depth > MAX_DEPTH)
        throw limit(`commit ${commit} has submodules ${depth} deep, and ${MAX_DEPTH} is the most`);
      if (total > MAX_SUBMODULES)
        throw limit(`${fullName} has ${total} submodules or more, and ${MAX_SUBMODULES} is the most`);
    },
  };
}

const notNamed = (from: readonly string[], wanted: string): string =>
  `which \`submodules: { from: [${from.join(', ')}] }\` does not name; add ${JSON.stringify(wanted)} to \`from\``;

const toAdd = (fullName: string, wanted: string): string =>
  `if the artifact may hold it, give the rule \`pull: { submodules: { from: [${ownerOf(fullName)}/*, ${wanted}] } }\``;

const notAllowed = (what: string): HooklineError => new HooklineError(errors.submoduleNotAllowed, what);

/** All but the last part of a full name. */
const ownerOf = (fullName: string): string => fullName.slice(0, fullName.lastIndexOf('/'));

const limit = (what: string): HooklineError =>
  new HooklineError(
    errors.submoduleLimit,
    `${what}; give those that are not needed \`update = none\` in .gitmodules, or set \`submodules: false\``,
  );
