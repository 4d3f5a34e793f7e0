import * as z from 'zod';
import { providerNamed, providerNames } from './providers/index.ts';

const CREDENTIALS = 'credentials go into the secret';

/** @param loopback whether `http:` is taken for this machine, as such a request crosses no network */
const webUrl = (loopback: boolean) => {
  const error = `expected an address that begins with https://${loopback ? ', or with http:// on a loopback host' : ''}`;
  return z
    .url({ protocol: loopback ? /^https?$/ : /^https$/, error, abort: true })
    .refine((url) => url.startsWith('https://') || isLoopback(url), { error, abort: true })
    .refine((url) => !/[@?#]/.test(url), {
      error: `expected an address without user, password, query and fragment; ${CREDENTIALS}`,
    });
};

const sshUrl = z
  .url({ protocol: /^ssh$/, error: 'expected an address such as ssh://git@git.example.com' })
  .refine((url) => !/[?#]|:[^/]*@/.test(url), {
    error: 'expected an address without password, query and fragment',
  });

const members = (loopback: boolean) => ({
  provider: z.enum(providerNames),
  /** the web address below which `owner/name` stands, for example `https://github.com` */
  url: webUrl(loopback),
  /** the REST API's address, by default the provider's usual one */
  api: webUrl(loopback).optional(),
  clone: z.enum(['https', 'ssh']).default('https'),
  /** where SSH clones come from, for example `ssh://git@github.com` */
  ssh: sshUrl.optional(),
  /** the certificates of the private authority that signed the host's, as PEM; in cdk.json also the path of such a file */
  ca: z.string().min(1).optional(),
  /** whether the host is reached from inside of the VPC only */
  vpc: z.boolean().optional(),
  /** whether its credential may be an App of the host */
  app: z.boolean().optional(),
});

const name = z.string().min(1);

/** A host as cdk.json has it: a deployed host needs https, and an unknown member is a typing error. */
export const hostSettingSchema = z.strictObject(members(false));
export const hostSettingsSchema = z.record(name, hostSettingSchema);

const deployedHostSchema = z.object({
  ...members(true),
  /** the ARN of the secret that holds the host's credential; a host without one has public repositories only */
  credentialSecret: z.string().min(1).optional(),
});
/**
 * The hosts as the stack's parameter holds them, by the names that deliveries carry; every address is complete and has
 * no slash at its end. The parameter may be another release's, so that members that nobody knows are dropped.
 */
export const hostsSchema = z.record(name, deployedHostSchema.transform(complete));

export type Hosts = z.infer<typeof hostsSchema>;
export type Host = Hosts[string];

function complete(setting: z.infer<typeof deployedHostSchema>) {
  const url = unslashed(setting.url);
  const { apiOf, sshOf } = providerNamed(setting.provider);
  const { api = apiOf(url), ssh = sshOf(url) } = setting;
  return { ...setting, url, api: unslashed(api), ssh: unslashed(ssh) };
}

const unslashed = (url: string): string => url.replace(/\/+$/, '');

/** Whether a URL's host is this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
