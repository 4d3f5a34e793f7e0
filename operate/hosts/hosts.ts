import { GetParameterCommand } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';

const hostSchema = z.looseObject({
  url: z.string(),
  api: z.string().optional(),
  clone: z.enum(['https', 'ssh']).default('https'),
  ssh: z.string().optional(),
});
const hostsSchema = z.record(z.string(), hostSchema);

/** A git host of the deployment. */
export interface GitHost {
  readonly name: string;
  /** its web address */
  readonly url: string;
  /** its REST API */
  readonly api: string;
  /** how its repositories are cloned */
  readonly clone: 'https' | 'ssh';
  /** where SSH clones come from */
  readonly ssh: string;
}

/** The configured hosts. */
export async function gitHosts({ ssm, outputs }: Connection): Promise<GitHost[]> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputs.hostsParameter }));
  const hosts = hostsSchema.parse(JSON.parse(Parameter?.Value ?? '{}'));
  return Object.entries(hosts).map(([name, { url, api, clone, ssh }]) => ({
    name,
    url,
    api: api ?? (url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`),
    clone,
    ssh: ssh ?? `ssh://git@${new URL(url).hostname}`,
  }));
}

export async function hostNames(connection: Connection): Promise<string[]> {
  return (await gitHosts(connection)).map(({ name }) => name);
}

/** A host by its name. @throws with the names there are */
export async function gitHost(connection: Connection, name: string): Promise<GitHost> {
  const hosts = await gitHosts(connection);
  const found = hosts.find((host) => host.name === name);
  if (found) return found;
  throw new Error(
    `the host ${name} is not configured: there are ${hosts.map((host) => host.name).join(', ')}`,
  );
}
