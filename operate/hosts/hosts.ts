import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { type Host, hostsSchema } from '../../events/hosts.ts';
import type { Connection } from '../connection/connection.ts';

/** A git host of the deployment. */
export interface GitHost extends Host {
  readonly name: string;
}

/** The configured hosts. */
export async function gitHosts({ ssm, outputs }: Connection): Promise<GitHost[]> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputs.hostsParameter }));
  const hosts = hostsSchema.parse(JSON.parse(Parameter?.Value ?? '{}'));
  return Object.entries(hosts).map(([name, host]) => ({ name, ...host }));
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

/** @throws for a host that is not configured */
export async function checkHost(connection: Connection, host: string): Promise<void> {
  const known = await hostNames(connection);
  if (!known.includes(host))
    throw new Error(
      `the host ${host} is not configured: there are ${known.join(', ')}; add it to cdk.json and deploy`,
    );
}
