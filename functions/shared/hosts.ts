import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Host, type Hosts, hostsSchema } from '../../events/hosts.ts';
import { cached, withMember } from './cache.ts';
import { errors, HooklineError } from './errors.ts';
import { environment, parseSetting } from './setting.ts';

let client: SSMClient | undefined;
const parameter = cached(async (name) => {
  client ??= new SSMClient();
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
  return parseSetting(`parameter ${name}`, Parameter?.Value, hostsSchema);
});

/** Every configured host by its name, at most a minute old. Throws `Misconfigured`. */
export const readHosts = (): Promise<Hosts> => parameter(environment('HOSTS_PARAMETER'));

/** The same, read again: undefined where that must wait, and what is kept is older than `since`, ms of the epoch. */
export const readHostsAgain = (since: number): Promise<Hosts | undefined> =>
  parameter.again(environment('HOSTS_PARAMETER'), since);

/** The settings of the host of a verified delivery. Throws `HostUnknown` when it is not configured, `Misconfigured`. */
export async function readHost(name: string): Promise<Host> {
  const hosts = await withMember(parameter, environment('HOSTS_PARAMETER'), name);
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (host) return host;
  const known = Object.keys(hosts).join(', ') || 'none';
  throw new HooklineError(
    errors.hostUnknown,
    `host ${JSON.stringify(name)} is not configured (configured: ${known}); add it to the hosts setting and deploy`,
  );
}
