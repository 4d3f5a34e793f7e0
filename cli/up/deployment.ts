import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountConsole } from '../../console/server/index.ts';
import type { RuleProblem } from '../../events/rule-problem.ts';
import { createGitHost, type GitHost } from '../../githost/index.ts';
import { type GrantObserver, type Intercept, type Runtime, startRuntime } from '../../local/index.ts';
import { connect as connectTo } from '../../operate/connection/connection.ts';
import { consoleUrl, keptToken } from '../console/address.ts';
import { consolePage } from '../console/page.ts';
import { accessOf, addressFile, localOutputs, type Outputs } from '../outputs/local-address.ts';
import { writeRule } from '../rules/write-rule.ts';
import { GIT_HOST, type GitHostSecrets, gitHostSecrets, registerGitHost } from './git-host.ts';
import { growHeapSlowly } from './heap.ts';
import { type LiveRules, type LiveRulesOptions, watchRules } from './live-rules.ts';
import { OPTION_HINTS } from './ready.ts';

/** The local runtime and the built-in git host, wired to each other. */
export interface Deployment {
  readonly runtime: Runtime;
  readonly gitHost: GitHost;
  readonly secrets: GitHostSecrets;
  /** whether the folder has had a start before this one */
  readonly ranBefore: boolean;
  readonly outputs: Outputs;
  /** the client of the runtime, as any other program has it */
  readonly connection: () => ReturnType<typeof connectTo>;
  /** the present problems of the rule files, when the files are watched */
  ruleProblems(): readonly RuleProblem[];
  /** the folder of the console's page, built when it is first asked for */
  readonly page: () => Promise<string>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  /** the cloud assembly's folder */
  readonly assembly: string;
  readonly data: string;
  readonly port: number;
  /** stands around every call of the AWS API */
  readonly intercept?: Intercept;
  /** whether the runtime's service `faults` is there */
  readonly faults?: boolean;
  /** looks on as the policies decide */
  readonly grants?: GrantObserver;
  /** watches a folder of rules, and deploys again when it changes */
  readonly rules?: WatchedRules;
}

/** The rules that the deployment follows. */
export interface WatchedRules extends Omit<LiveRulesOptions, 'apply'> {
  /** makes the cloud assembly of the present rules, and gives its folder */
  synthesize(signal: AbortSignal): Promise<string>;
}

/** Starts the assembly and the git host on one port, and makes each known to the other. */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  growHeapSlowly();
  let url = '';
  let kept: ReturnType<typeof keptParts> | undefined;
  const partsOfFolder = (): ReturnType<typeof keptParts> => {
    kept ??= keptParts(options.data, () => url);
    return kept;
  };
  const page = consolePage();
  const connection = () => connected(runtime);
  let live: LiveRules | undefined;
  const ruleProblems = (): readonly RuleProblem[] => live?.problems() ?? [];
  const folderOfRules = options.rules?.folder;
  const saveRule = folderOfRules === undefined ? undefined : writerInto(folderOfRules);
  const runtime: Runtime = await startRuntime({
    ...options,
    hints: OPTION_HINTS,
    mount: async (app) => {
      const { gitHost, token } = await partsOfFolder();
      gitHost.register(app, '/git');
      mountConsole(app, { connection, token, page, local: true, ruleProblems, saveRule });
    },
  });
  const { gitHost, secrets, token, ranBefore } = await partsOfFolder();
  url = `${runtime.endpoint}/git`;
  const close = async (): Promise<void> => {
    await live?.close();
    await gitHost.close();
    await rm(addressFile(options.data), { force: true });
    await runtime.close();
  };
  try {
    const wire = (): Promise<Outputs> => connect(runtime, gitHost, options, { gitUrl: url, token }, secrets);
    const outputs = await wire();
    const { rules } = options;
    const apply = async (signal: AbortSignal): Promise<void> => {
      await runtime.update((await rules?.synthesize(signal)) ?? options.assembly);
      // A changed template may have put the hosts and secrets as they are declared.
      await wire();
    };
    live = rules && watchRules({ ...rules, apply });
    return { runtime, gitHost, secrets, ranBefore, outputs, connection, ruleProblems, page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The git host and the tokens of a folder, made at its first start. A start that does not hold the folder makes none: it
 * would change them under the one that does.
 * @param url the git host's address, `''` until it is known
 */
async function keptParts(data: string, url: () => string) {
  const directory = join(data, 'git');
  const ranBefore = existsSync(directory);
  const secrets = await gitHostSecrets(directory);
  const gitHost = createGitHost({ directory, url, hostName: GIT_HOST, ...secrets });
  return { gitHost, secrets, ranBefore, token: await keptToken(data) };
}

const writerInto = (folder: string) => (name: string, text: string) => writeRule(folder, name, text);

async function connect(
  runtime: Runtime,
  gitHost: GitHost,
  { data, rules }: DeploymentOptions,
  { gitUrl, token }: { gitUrl: string; token: string },
  secrets: GitHostSecrets,
): Promise<Outputs> {
  const address = {
    endpointUrl: runtime.endpoint,
    gitUrl,
    consoleUrl: consoleUrl(runtime.endpoint, token),
    stackName: stackOf(runtime),
    credentials: runtime.credentials,
    ...(rules && { rulesFolder: rules.folder }),
  };
  await writeFile(addressFile(data), JSON.stringify(address), { mode: 0o600 });
  const outputs = await localOutputs(data);
  const { hostsParameter, webhookSecretArn } = outputs;
  await registerGitHost(runtime.call, { hostsParameter, webhookSecretArn }, gitUrl, secrets);
  await gitHost.addHook({ url: outputs.webhookUrl, secret: secrets.webhookSecret, events: ['*'] });
  return outputs;
}

const stackOf = ({ stacks: [stack] }: Runtime): string => stack?.name ?? '';

/** The console goes through the same door as any other program: AWS's protocols. */
const connected = (runtime: Runtime): ReturnType<typeof connectTo> =>
  connectTo(stackOf(runtime), accessOf({ endpointUrl: runtime.endpoint, ...runtime }));
