import { join } from 'node:path';

export type GitConfig = readonly (readonly [name: string, value: string])[];

/** What git may see of the build's environment: how to find programs, and how to get out of the network. */
const passedVariables = [
  'PATH',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * What git finds fault with in a commit or a tag, and hosts take all the same: lines about people and dates, which no
 * file of an artifact shows, and the modes and attributes of old repositories. A finding that a git does not know is
 * skipped with a warning. `nulInHeader` and `unterminatedHeader` cannot be let through.
 */
const harmless = [
  'badDate',
  'badDateOverflow',
  'badEmail',
  'badName',
  'badTagName',
  'badTimezone',
  'missingAuthor',
  'missingCommitter',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
  'missingTagEntry',
  'missingTaggerEntry',
  'multipleAuthors',
  'nulInCommit',
  'zeroPaddedDate',
  'zeroPaddedFilemode',
  'gitattributesLarge',
  'gitattributesLineLength',
];

/**
 * What is fetched is checked: a tree with one name twice, with `..` or with `.git` would be written in an artifact, and
 * wherever it is unpacked.
 */
const checked: GitConfig = [
  ['fetch.fsckObjects', 'true'],
  ...harmless.map((finding) => [`fetch.fsck.${finding}`, 'ignore'] as const),
];

/** What holds for every git command: no hooks, no redirects, no waiting on a stalled line, nothing in the background. */
const everyCommandConfig: GitConfig = [
  ['core.hooksPath', '/dev/null'],
  ['core.logAllRefUpdates', 'false'],
  ['http.followRedirects', 'false'],
  // a minute without a byte is a dead line: a host that makes a large pack sends no more than a few a second meanwhile
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['init.defaultBranch', 'main'],
  ['advice.detachedHead', 'false'],
  ...checked,
];

/**
 * git's whole environment, so that neither the machine's settings nor its credentials reach git, and nothing that is
 * given to git stands in its arguments.
 * @param home an empty folder of ours: git, curl and git-lfs find no settings of a user there
 * @param protocols the transports git may use; none for commands that stay on this machine
 */
export function gitEnvironment(
  home: string,
  protocols: readonly string[],
  config: GitConfig,
): Record<string, string> {
  const all = [...everyCommandConfig, ...config];
  return {
    ...Object.fromEntries(
      passedVariables.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    TMPDIR: home,
    // messages we match, and times in a zip that do not depend on where it was made
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: protocols.join(':') || 'none',
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}
