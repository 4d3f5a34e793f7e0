import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export interface Sshd {
  /** `ssh://user@127.0.0.1:PORT` */
  readonly url: string;
  /** the private key that may log in */
  readonly key: string;
  /** the server's own key as a line of a known_hosts file */
  readonly knownHosts: string;
  close(): Promise<void>;
}

/** A real OpenSSH server on a free port of the loopback interface, with one key that may log in. */
export async function startSshd(folder: string): Promise<Sshd> {
  const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);
  if (!program) throw new Error('there is no sshd here; install it: apt-get install openssh-server');
  // where a server that runs as root drops its rights
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const [host, user, port] = [join(folder, 'host'), join(folder, 'user'), await freePort()];
  for (const file of [host, user]) await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${host}`,
    `AuthorizedKeysFile ${user}.pub`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'PidFile none',
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const server = spawn(program, ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  await listening(server.stderr);
  const line = (await readFile(`${host}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    key: await readFile(user, 'utf8'),
    knownHosts: `[127.0.0.1]:${port} ${line}`,
    close: async () => {
      server.kill();
      await ended;
    },
  };
}

/** Goes on reading afterwards: a server whose standard error is closed dies of its next line. */
function listening(stderr: NodeJS.ReadableStream): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4096);
      if (said.includes('Server listening')) resolve();
    });
    stderr.once('end', () => reject(new Error(`sshd did not start: ${said}`)));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
