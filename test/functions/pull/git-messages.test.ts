import { describe, expect, it } from 'vitest';
import { CREDENTIAL, failure, URL } from '../../support/functions/git-failures.ts';

/** What each of the words means: the error's name, the beginning of what to change, and whether it may pass. */
const MEANINGS: [name: string, advice: string, transient: boolean, words: string[]][] = [
  [
    'DiskFull',
    'the build has no room left; give the rule `pull: { compute: ec2 }`, whose disk is larger',
    false,
    ['No space left on device', 'Disk quota exceeded'],
  ],
  [
    'CommitUnreachable',
    `the commit is not at ${URL} any more; it was likely rewritten by a forced push: push again`,
    false,
    [
      'upload-pack: not our ref 1',
      'request for unadvertised object 1',
      'remote did not send all necessary objects',
      "couldn't find remote ref refs/heads/x",
      'missing blob object',
      'fatal: not a valid object name x',
    ],
  ],
  [
    'PullFailed',
    'ssh does not run as the user of this build, which its image does not know; give the rule `pull: { compute: ec2 }`',
    false,
    ['No user exists for uid 993'],
  ],
  [
    'CredentialRefused',
    `the host key of ${URL} is not the pinned one; correct knownHosts in ${CREDENTIAL}`,
    false,
    [
      'Host key verification failed.',
      'No ED25519 host key is known for x',
      'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!',
    ],
  ],
  [
    'CredentialRefused',
    `${URL} refused the credential; check that ${CREDENTIAL} is valid, not expired and may read it`,
    false,
    [
      'could not read Username for x',
      'could not read Password for x',
      'Authentication failed for x',
      'returned error: 401',
      'returned error: 403',
      'returned error: 407',
      'git@x: Permission denied (publickey).',
      'Load key "x": error in libcrypto',
      'Load key "x": invalid format',
    ],
  ],
  [
    'RepositoryMissing',
    `${URL} answered with a redirect, which is not followed; correct the repository's name or the host's url`,
    false,
    ['returned error: 301', 'unable to update url base from redirection'],
  ],
  [
    'HostUnreachable',
    `the LFS objects of ${URL} could not be had just now; check that the host is up`,
    true,
    [
      'batch response: Rate limit exceeded: x',
      'Server error: x',
      'LFS: Fatal error: 429',
      'LFS: x 500 y',
      'LFS: x 502',
      'LFS: 503',
      'LFS: 504',
    ],
  ],
  [
    'LfsObjectMissing',
    `${URL} has not every LFS object of the commit; push them with: git lfs push --all, and check that the host has LFS switched on for the repository`,
    false,
    [
      'Object does not exist on the server',
      'batch response: Repository or object not found: x',
      'error: [404] x',
    ],
  ],
  [
    'LfsObjectMissing',
    `an LFS object could not be had from ${URL}; push it with: git lfs push --all`,
    false,
    [
      "external filter 'x' failed",
      'smudge filter lfs failed',
      'git-lfs: x',
      'Error downloading object: x',
      'failed to fetch some objects from x',
    ],
  ],
  [
    'RepositoryMissing',
    `${URL} was not found; GitHub also answers 404 where a token is missing or may not read it: check its name and ${CREDENTIAL}`,
    false,
    [
      "fatal: repository 'x' not found",
      'ERROR: Repository not found.',
      'returned error: 404',
      'x does not appear to be a git repository',
      'The project you were looking for could not be found',
    ],
  ],
  [
    'HostUnreachable',
    `the name of ${URL} could not be resolved just now; check the build's DNS`,
    true,
    ['Temporary failure in name resolution', 'x: Try again'],
  ],
  [
    'HostUnknown',
    `the name of ${URL} does not resolve; correct the host's url, or run the build inside its network`,
    false,
    ['Could not resolve host: x', 'Name or service not known', 'No address associated with hostname'],
  ],
  [
    'HostUnreachable',
    `${URL} could not be reached; check that it is up and that the build's network leads to it`,
    true,
    [
      'Failed to connect to x',
      "Couldn't connect to server",
      'Connection refused',
      'Connection timed out',
      'Connection reset by peer',
      'Connection closed by x',
      'Operation timed out',
      'Operation too slow',
      'early EOF',
      'RPC failed; x',
      'unexpected disconnect while reading',
      'the remote end hung up',
      'returned error: 429',
      'returned error: 500',
      'returned error: 599',
      'Network is unreachable',
      'No route to host',
      'Empty reply from server',
      'SSL_ERROR_SYSCALL',
      'SSL_ERROR_ZERO_RETURN',
      'unexpected eof while reading',
    ],
  ],
  [
    'ObjectRefused',
    `git's check refuses an object of the commit at ${URL}; find it with git fsck --strict, and push a commit without it`,
    false,
    ['fatal: fsck error in packed object'],
  ],
  [
    'PackDamaged',
    `what ${URL} sent was damaged or broken off; if it happens again, run git fsck on the host and look into its log`,
    true,
    [
      'inflate returned -3',
      'inflate: data stream error',
      'bad pack header',
      'bad object at offset 7',
      'SHA1 mismatch',
      'pack is corrupt',
      'pack signature mismatch',
      'pack has 7 unresolved deltas',
      'pack has 12 unresolved deltas',
      'packfile x is corrupt',
      'packfile x is truncated',
      'packfile x does not match index',
      'unpack-objects failed',
      'index-pack failed',
      'invalid index-pack output',
      'protocol error: x',
      'bad line length character',
      'repository corruption on the remote side',
    ],
  ],
  [
    'PullFailed',
    'a path of the commit is longer than the build or a zip can hold; shorten it',
    false,
    ['File name too long', 'path too long'],
  ],
];

describe.each(MEANINGS)('%s with the advice: %s', (name, advice, transient, words) => {
  it.each(words)('is what %j means, in any letters', (said) => {
    for (const text of [said, `fatal: x\n${said}\nfatal: y`]) {
      const failed = failure(text);
      expect(failed).toMatchObject({ name, transient });
      expect(failed.message).toBe(`${advice} (git: ${text.replaceAll('\n', '; ')})`);
    }
    // git's own "then try again" is about something else
    if (!/Try again|Temporary/.test(said)) expect(failure(said.toUpperCase()).name).toBe(name);
  });
});
