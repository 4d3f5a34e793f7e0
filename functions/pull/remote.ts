import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Host } from '../../events/hosts.ts';
import type { Trust } from '../../events/providers/certificate-fault.ts';
import { repositorySegments } from '../shared/artifact.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { asHostError } from '../shared/host-api.ts';
import { tokenFor } from '../shared/host-token.ts';
import type { Credential } from '../shared/secrets.ts';
import type { GitConfig } from './git-environment.ts';
import { hide } from './log.ts';
import { sshCommand } from './ssh.ts';

/** A repository that git may talk to: its URL, and the one transport and credential for it. */
export interface Remote {
  readonly url: string;
  readonly protocol: string;
  readonly config: GitConfig;
  /** its credential over HTTPS, asked for by each git: one that an App has minted does not last for ever */
  readonly authorization?: () => Promise<GitConfig>;
  readonly env: Readonly<Record<string, string>>;
  /** where its credential stands, for messages */
  readonly credential: string;
  /** its host, where that is configured, for messages about its certificate */
  readonly trust?: Trust;
}

/** The way to every repository of one configured host. */
export interface Access {
  readonly host: Host;
  /** where clones come from: the URL that `/owner/name.git` is appended to */
  readonly base: string;
  remote(fullName: string): Remote;
}

/**
 * The way to a configured host. Over HTTPS git is given the token in its environment, bound to the host's URL, so
 * that no other host is sent it; over SSH the deploy key in a file of `home`. The certificates of the host's own
 * authority are bound to the host in the same way; LFS asks for them over SSH too.
 * @param name the host's name in the `hosts` setting
 * @param home a folder of ours, removed after the pull
 */
export async function accessTo(
  name: string,
  host: Host,
  credential: Credential,
  home: string,
): Promise<Access> {
  for (const secret of [credential.token, credential.sshKey]) if (secret) hide(secret);
  const base = host.clone === 'ssh' ? host.ssh : host.url;
  const where = `${JSON.stringify(name)} in the credentials secret`;
  const authority = await authorityConfig(host, home);
  const env = host.clone === 'ssh' ? await sshCommand(where, credential, home) : {};
  const shared = { config: authority, env, credential: where };
  const protocol = new URL(base).protocol.slice(0, -1);
  const trust = { host: name, hasAuthority: host.ca !== undefined };
  return {
    host,
    base,
    remote: (fullName) => ({
      ...{ url: cloneUrl(base, fullName), protocol, trust, ...shared },
      ...(host.clone === 'https' && { authorization: () => tokenHeader(name, host, fullName, credential) }),
    }),
  };
}

/**
 * Lets git and git-lfs trust the host's own authority besides the public ones, at this host and no other. A GitHub
 * Enterprise Server with subdomain isolation serves LFS content at `media.HOST`.
 */
async function authorityConfig({ url, ca }: Host, home: string): Promise<GitConfig> {
  if (ca === undefined) return [];
  const file = join(home, 'authority.pem');
  await writeFile(file, [...rootCertificates, ca].join('\n'), { flag: 'wx' });
  const { protocol, host } = new URL(url);
  return [host, `*.${host}`].map((name) => [`http.${protocol}//${name}/.sslCAInfo`, file] as const);
}

/** A repository of a host that is not configured: HTTPS and no credential. Throws `HostUnknown` for another scheme. */
export function unconfiguredRemote(url: string): Remote {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || parsed.username || parsed.password) {
    throw new HooklineError(
      errors.hostUnknown,
      `submodule url ${JSON.stringify(url)} leads to a host that is not the repository's own; such a one must be https without user or password`,
    );
  }
  return {
    url: parsed.href,
    protocol: 'https',
    config: [],
    env: {},
    credential: 'nothing: hookline has no credential for another host',
  };
}

function cloneUrl(base: string, fullName: string): string {
  return `${base}/${repositorySegments(fullName).join('/')}.git`;
}

async function tokenHeader(
  name: string,
  host: Host,
  repository: string,
  { username = 'x-access-token' }: Credential,
): Promise<GitConfig> {
  const token = await asHostError(name, host, () => tokenFor(name, host, { repository, use: 'read' }));
  if (!token) return [];
  hide(token);
  const basic = Buffer.from(`${username}:${token}`).toString('base64');
  hide(basic);
  return [[`http.${host.url}/.extraHeader`, `Authorization: Basic ${basic}`]];
}
