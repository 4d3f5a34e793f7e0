import { describe, expect, it } from 'vitest';
import { faultAdvice, faultText } from '../../../events/providers/certificate-fault.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import { failure, remote, URL } from '../../support/functions/git-failures.ts';

describe('words of git', () => {
  it.each([
    'returned error: 600',
    'returned error: 50',
    'remote: not found',
    'remote: error: x',
    "unable to access '.gitattributes': Permission denied",
    'invalid format',
    'EOF',
    'Server error',
    'Permission denied',
    'a LFS 503',
    'LFS: 1429',
    'LFS: 5031',
    'LFS: 505',
    'the pack has unresolved deltas',
    'then try again.',
    'temporary failure in name resolution',
    'repository x\nnot found',
  ])('that look like others mean nothing: %j', (words) => {
    const { name, transient, message } = failure(words);
    expect({ name, transient }).toEqual({ name: 'PullFailed', transient: false });
    expect(message).toMatch(/^git fetch ended with status 128; see its words \(git: /);
  });

  it.each([
    ['certificate has expired', 'expired'],
    ['SSL: no alternative certificate subject name matches', 'is not one for that name'],
    ['x509: certificate is valid for a, not b', ''],
    ['x509: certificate is not valid for any names', ''],
    ['SSL certificate problem: x', ''],
    ['server certificate verification failed', ''],
    ['certificate signed by unknown authority', ''],
  ])('of a certificate name what is wrong with it, and where to set its authority: %s', (words) => {
    const [known, unknown] = [failure(words, remote({ host: 'git', hasAuthority: false })), failure(words)];
    for (const failed of [known, unknown])
      expect(failed).toMatchObject({ name: 'HostUntrusted', transient: false });
    expect(known.message).toContain(URL);
  });

  it('of the three faults of a certificate are told apart', () => {
    const faults = [
      'certificate has expired',
      'certificate is valid for a',
      'certificate is not valid for',
      'certificate problem',
    ];
    const [expired, name, other, authority] = faults.map((words) =>
      failure(words).message.replace(/ \(git:.*/, ''),
    );
    expect(name).toBe(other);
    expect(new Set([expired, name, authority]).size).toBe(3);
  });

  it.each([
    ['certificate has expired', 'expired'],
    ['certificate is valid for a', 'name'],
    ['certificate problem', 'authority'],
  ] as const)('of a certificate say what to change at the host: %s', (words, fault) => {
    const trust = { host: 'git', hasAuthority: true };
    expect(failure(words, remote(trust)).message).toBe(
      `${faultText(fault, URL)}: ${faultAdvice(fault, trust)} (git: ${words})`,
    );
  });

  it('about a name that says as much mean nothing by it', () => {
    const url = 'https://git.example.com/acme/certificate-problem.git';
    const of = { ...remote(), url };
    expect(failure(`fatal: unable to look at ${url}/x: odd`, of).name).toBe('PullFailed');
  });

  it('of a command that talks to nobody are about the repository and its secret', () => {
    expect(new GitFailure({ command: 'x', status: 1, stderr: 'Authentication failed' }).message).toBe(
      'the repository refused the credential; check that the credentials secret is valid, not expired and may read it (git: Authentication failed)',
    );
  });

  it('come with how long the host wants to be left alone', () => {
    const failed = new GitFailure(
      { command: 'fetch', status: 128, stderr: 'returned error: 429', retryAfter: 30 },
      remote(),
    );
    expect(failed.retryAfter).toBe(30);
    expect(failed.message).toMatch(/leads to it; .*30.* \(git: returned error: 429\)$/);
    expect(failure('returned error: 429')).toMatchObject({ retryAfter: undefined });
  });

  it('are cut to their end', () => {
    const { message } = failure(`${'x'.repeat(600)}end`);
    expect(/\(git: (.*)\)$/.exec(message)?.[1]).toBe(`${'x'.repeat(497)}end`);
  });
});

describe('a git that a signal has ended', () => {
  const ended = (status: number, stderr = '') => new GitFailure({ command: 'archive', status, stderr });

  it.each([
    [130, 'SIGINT'],
    [137, 'SIGKILL'],
    [143, 'SIGTERM'],
  ])('with the status %d was ended by %s, and may go well in a moment', (status, signal) => {
    expect(ended(status)).toMatchObject({ name: 'GitKilled', transient: true, status });
    const why = signal === 'SIGKILL' ? ', as happens when the build has no memory left' : '';
    expect(ended(status).message).toBe(
      `git archive was ended by ${signal}${why}; if it happens again, give the rule \`pull: { compute: ec2 }\`, whose memory is larger (git: no words)`,
    );
  });

  it('is told from one that ended by itself', () => {
    for (const status of [1, 128, 129, 254]) expect(ended(status).name).toBe('PullFailed');
    expect(ended(128, 'fatal: x\nerror: index-pack died of signal 9').message).toContain('ended by SIGKILL');
    expect(ended(128, 'error: x died of signal 15').message).toContain('ended by SIGTERM');
    expect(ended(128, 'remote: error: x died of signal 9').name).toBe('PullFailed');
    expect(ended(128, 'died of signal x').name).toBe('PullFailed');
    expect(ended(128, 'died of signal 99').name).toBe('PullFailed');
  });
});
