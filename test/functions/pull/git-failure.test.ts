import { describe, expect, it } from 'vitest';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import type { Remote } from '../../../functions/pull/remote.ts';

const remote: Remote = {
  url: 'https://git.example.com/acme/certificate-timed-out.git',
  protocol: 'https',
  config: [],
  env: {},
  credential: '"git" in the credentials secret',
};
const failure = (stderr: string) => new GitFailure({ command: 'fetch', status: 128, stderr }, remote);

describe('the words of a failed git', () => {
  it('names the compute on which ssh runs', () => {
    const { name, message } = failure(
      'No user exists for uid 993\nfatal: Could not read from remote repository.',
    );
    expect(name).toBe('PullFailed');
    expect(message).toContain('give the rule `pull: { compute: ec2 }`');
  });

  it.each([
    ["fatal: unable to access 'URL/': Could not resolve host: git.example.com", 'HostUnreachable', true],
    ['ssh: Could not resolve hostname git.example.com: Try again', 'HostUnreachable', true],
    ['ssh: Could not resolve hostname git.example.com: Name or service not known', 'HostUnknown', false],
    ["warning: unable to access '/root/.config/git/attributes': Permission denied", 'PullFailed', false],
    [
      "fatal: Unable to create 'shallow.lock': File exists.\nPlease make sure all processes\nare terminated then try again.",
      'PullFailed',
      false,
    ],
    [
      'ssh: Could not resolve hostname git.example.com: Temporary failure in name resolution',
      'HostUnreachable',
      true,
    ],
    [
      "fatal: unable to access 'URL/': Failed to connect to git.example.com port 443",
      'HostUnreachable',
      true,
    ],
    ["fatal: unable to access 'URL/': The requested URL returned error: 429", 'HostUnreachable', true],
    ["fatal: unable to access 'URL/': The requested URL returned error: 451", 'PullFailed', false],
    ["fatal: unable to access 'URL/': something nobody has seen before", 'HostUnreachable', true],
    ["fatal: unable to access 'URL/': The requested URL returned error: 502", 'HostUnreachable', true],
    [
      "fatal: unable to access 'URL/': SSL certificate problem: self-signed certificate",
      'HostUntrusted',
      false,
    ],
    [
      'batch request: Post "URL/info/lfs/objects/batch": tls: failed to verify certificate: x509: certificate signed by unknown authority\nerror: failed to fetch some objects from \'URL/info/lfs\'',
      'HostUntrusted',
      false,
    ],
    [
      "fatal: unable to access 'URL/': server certificate verification failed. CAfile: none CRLfile: none",
      'HostUntrusted',
      false,
    ],
    [
      "fatal: unable to access 'URL/': SSL certificate problem: certificate has expired",
      'HostUntrusted',
      false,
    ],
    [
      "fatal: unable to access 'URL/': SSL: no alternative certificate subject name matches target host name 'x'",
      'HostUntrusted',
      false,
    ],
    [
      "fatal: unable to access 'URL/': SSL: certificate subject name 'x' does not match target host name 'y'",
      'HostUntrusted',
      false,
    ],
    [
      'batch response: Post "URL/info/lfs/objects/batch": x509: cannot validate certificate for 10.0.0.1 because it doesn\'t contain any IP SANs',
      'HostUntrusted',
      false,
    ],
    [
      "fatal: unable to access 'URL/': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:443",
      'HostUnreachable',
      true,
    ],
    ['Error downloading object: certificate.bin (1234): Smudge error', 'LfsObjectMissing', false],
    ['ssh: connect to host git.example.com port 22: Connection refused', 'HostUnreachable', true],
    ['error: RPC failed; curl 18 transfer closed\nfatal: early EOF', 'HostUnreachable', true],
    [
      'Connection closed by 1.2.3.4 port 22\nfatal: the remote end hung up unexpectedly',
      'HostUnreachable',
      true,
    ],
    ['remote: Repository not found.\nfatal: Authentication failed for URL', 'CredentialRefused', false],
    [
      'ERROR: Repository not found.\nfatal: Could not read from remote repository.',
      'RepositoryMissing',
      false,
    ],
    ['remote: Repository not found.\nfatal: repository URL not found', 'RepositoryMissing', false],
    ['git@github.com: Permission denied (publickey).', 'CredentialRefused', false],
    ['fatal: remote error: upload-pack: not our ref 1234', 'CommitUnreachable', false],
    ['fatal: Server does not allow request for unadvertised object 1234', 'CommitUnreachable', false],
    ['fatal: write error: No space left on device\nfatal: the remote end hung up', 'DiskFull', false],
    [
      'error: inflate: data stream error (incorrect data check)\nfatal: unpack-objects failed',
      'PackDamaged',
      true,
    ],
    ['fatal: protocol error: bad pack header', 'PackDamaged', true],
    ['error: index-pack died of signal 9\nfatal: index-pack failed', 'GitKilled', true],
    ['remote: error: pack-objects died of signal 9\nfatal: something else', 'PullFailed', false],
    ['batch response: Repository or object not found: URL/info/lfs/objects/batch', 'LfsObjectMissing', false],
    ['[0001] Object does not exist on the server: [404] Object does not exist', 'LfsObjectMissing', false],
    ['batch response: Rate limit exceeded: URL/info/lfs/objects/batch', 'HostUnreachable', true],
    ['LFS: Fatal error: Server error: https://lfs.example.com/x', 'HostUnreachable', true],
    ['fatal: cannot create directory: File name too long', 'PullFailed', false],
    ['fatal: something nobody has seen before', 'PullFailed', false],
  ])('%j name %s', (words, name, transient) => {
    expect(failure(words.replaceAll('URL', remote.url))).toMatchObject({ name, transient });
  });

  it('name the signal that ended git, or a shell around it, when there are none', () => {
    const said = new GitFailure({ command: 'archive', status: 137, stderr: '' });
    expect(said).toMatchObject({ name: 'GitKilled', transient: true });
    expect(said.message).toMatch(/^git archive was ended by SIGKILL, .*compute: ec2.*\(git: no words\)$/);
    expect(new GitFailure({ command: 'archive', status: 139, stderr: '' }).message).toContain('SIGSEGV');
  });

  it('stand in the message on one line, shortened', () => {
    const { message } = failure(`${'long '.repeat(1000)}\nfatal: \u001b[31mred`);
    expect(message).toContain('fatal: \\x1b[31mred');
    expect(message.length).toBeLessThan(700);
  });
});
