import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountConsole } from '../../console/server/index.ts';
import { createGitHost, type GitHost } from '../../githost/index.ts';
import { type Runtime, startRuntime } from '../../local/runtime.ts';
import { connect as connectTo } from '../../operate/connection.ts';
import { consoleUrl, keptToken } from '../console/address.ts';
import { consolePage } from '../console/page.ts';
import { addressFile, LOCAL_ACCESS, localOutputs, type Outputs } from '../outputs.ts';
import { GIT_HOST, type GitHostSecrets, gitHostSecrets, registerGitHost } from './git-host.ts';

/** The local runtime and the built-in git host, wired to each other. */
export interface Deployment {
  readonly runtime: Runtime;
  readonly gitHost: GitHost;
  readonly secrets: GitHostSecrets;
  readonly outputs: Outputs;
  /** the folder of the console's page, built when it is first asked for */
  readonly page: () => Promise<string>;
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
  const token = await keptToken(options.data);
  const page = consolePage();
  const runtime: Runtime = await startRuntime({
    ...options,
    mount: (app) => {
      gitHost.register(app, '/git');
      mountConsole(app, { connection: () => connected(runtime), token, page, local: true });
    },
  });
  url = `${runtime.endpoint}/git`;
  const close = async (): Promise<void> => {
    await gitHost.close();
    await rm(addressFile(options.data), { force: true });
    await runtime.close();
  };
  try {
    const outputs = await connect(runtime, gitHost, options.data, { gitUrl: url, token }, secrets);
    return { runtime, gitHost, secrets, outputs, page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(
  runtime: Runtime,
  gitHost: GitHost,
  data: string,
  { gitUrl, token }: { gitUrl: string; token: string },
  secrets: GitHostSecrets,
): Promise<Outputs> {
  const address = {
    endpointUrl: runtime.endpoint,
    gitUrl,
    consoleUrl: consoleUrl(runtime.endpoint, token),
    stackName: stackOf(runtime),
  };
  await writeFile(addressFile(data), JSON.stringify(address), { mode: 0o600 });
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

const stackOf = ({ stacks: [stack] }: Runtime): string => stack?.name ?? '';

/** The console goes through the same door as any other program: AWS's protocols. */
const connected = (runtime: Runtime): ReturnType<typeof connectTo> =>
  connectTo(stackOf(runtime), { endpoint: runtime.endpoint, ...LOCAL_ACCESS });
