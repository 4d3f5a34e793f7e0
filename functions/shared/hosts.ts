import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { cached, having } from './cache.ts';
import { errors, HooklineError } from './errors.ts';
import { environment, parseSetting } from './setting.ts';

const hostSchema = z
  .strictObject({
    provider: z.enum(['github']),
    /** the web address below which `owner/name` stands, for example `https://github.com` */
    url: webUrl(),
    /** the REST API's address; GitHub's own by default, `<url>/api/v3` for every other host */
    api: webUrl().optional(),
    clone: z.enum(['https', 'ssh']).default('https'),
    /** where SSH clones come from, for example `ssh://git@github.com` */
    ssh: sshUrl().optional(),
  })
  .transform((host) => ({
    ...host,
    api: host.api ?? defaultApi(host.url),
    ssh: host.ssh ?? `ssh://git@${new URL(host.url).hostname}`,
  }));

/** The JSON in the parameter named by HOSTS_PARAMETER: a host's settings by the name that deliveries carry. */
export const hostsSchema = z.record(z.string().min(1), hostSchema);

export type Host = z.infer<typeof hostSchema>;
export type Hosts = z.infer<typeof hostsSchema>;

let client: SSMClient | undefined;
const parameter = cached(async (name) => {
  client ??= new SSMClient();
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
  return parseSetting(`parameter ${name}`, Parameter?.Value, hostsSchema);
});

/** Every configured host by its name, at most a minute old, or seconds where it has not the one asked for. Throws `Misconfigured`. */
export function readHosts(asked: string): Promise<Hosts> {
  return having(parameter, environment('HOSTS_PARAMETER'), asked);
}

/** The settings of one host. Throws `HostUnknown` when it is not configured, `Misconfigured`. */
export async function readHost(name: string): Promise<Host> {
  const hosts = await readHosts(name);
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (host) return host;
  const known = Object.keys(hosts).join(', ') || 'none';
  throw new HooklineError(
    errors.hostUnknown,
    `host ${JSON.stringify(name)} is not configured (configured: ${known}); add it to the hosts setting and deploy`,
  );
}

/** Whether a URL's host is this very machine, where plain HTTP passes no wire. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function webUrl() {
  return z
    .url()
    .refine((value) => value.startsWith('https://') || (value.startsWith('http://') && isLoopback(value)), {
      error: 'the address must be https, or http on a loopback host',
    })
    .refine(bare, {
      error: 'the address must have no user, password, query or fragment; credentials go into the secret',
    })
    .transform((value) => value.replace(/\/+$/, ''));
}

function sshUrl() {
  return z
    .url({ protocol: /^ssh$/ })
    .refine((value) => !new URL(value).password && !/[?#]/.test(value), {
      error: 'the address must have no password',
    })
    .transform((value) => value.replace(/\/+$/, ''));
}

function bare(value: string): boolean {
  const { username, password } = new URL(value);
  return !username && !password && !/[?#]/.test(value);
}

function defaultApi(url: string): string {
  return url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
}
