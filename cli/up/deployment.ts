import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitHost, type GitHost } from '../../githost/index.ts';
import { type Runtime, startRuntime } from '../../local/runtime.ts';
import { addressFile, localOutputs, type Outputs } from '../outputs.ts';
import { GIT_HOST, type GitHostSecrets, gitHostSecrets, registerGitHost } from './git-host.ts';

/** The local runtime and the built-in git host, wired to each other. */
export interface Deployment {
  readonly runtime: Runtime;
  readonly gitHost: GitHost;
  readonly secrets: GitHostSecrets;
  readonly outputs: Outputs;
  close(): Promise<void>;
}

/**
 * Starts the assembly and the git host on one port, and makes each known to the other.
 * @param assembly the cloud assembly's folder
 */
export async function startDeployment(options: {
  assembly: string;
  data: string;
  port: number;
}): Promise<Deployment> {
  const folder = join(options.data, 'git');
  const secrets = await gitHostSecrets(folder);
  let url = '';
  const gitHost = createGitHost({ directory: folder, url: () => url, hostName: GIT_HOST, ...secrets });
  const runtime = await startRuntime({ ...options, mount: (app) => gitHost.register(app, '/git') });
  url = `${runtime.endpoint}/git`;
  const close = async (): Promise<void> => {
    await gitHost.close();
    await rm(addressFile(options.data), { force: true });
    await runtime.close();
  };
  try {
    const outputs = await connect(runtime, gitHost, options.data, url, secrets);
    return { runtime, gitHost, secrets, outputs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(
  runtime: Runtime,
  gitHost: GitHost,
  data: string,
  gitUrl: string,
  secrets: GitHostSecrets,
): Promise<Outputs> {
  const address = { endpointUrl: runtime.endpoint, gitUrl, stackName: runtime.stacks[0]?.name ?? '' };
  await writeFile(addressFile(data), JSON.stringify(address));
  const outputs = await localOutputs(data);
  const { hostsParameter, webhookSecretArn, credentialsSecretArn } = outputs;
  await registerGitHost(
    runtime.call,
    { hostsParameter, webhookSecretArn, credentialsSecretArn },
    gitUrl,
    secrets,
  );
  await gitHost.addHook({ url: outputs.webhookUrl, secret: secrets.webhookSecret, events: ['*'] });
  return outputs;
}
