import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRules } from '../../events/rule-file.ts';
import { DEMO_REPOSITORY } from './demo.ts';
import { showDemo } from './demo-run.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { printEndedDeliveries } from './ended-deliveries.ts';
import { fingerprint } from './live-rules.ts';
import { linePrinter, type PrintLine, seconds } from './progress.ts';
import { synthesize } from './synthesis.ts';
import { firstUnhandled } from './unhandled.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface UpOptions {
  readonly port: number;
  readonly data: string;
  readonly demo: boolean;
  /** the folder of rules in place of events/rules */
  readonly rules?: string;
  /** the addresses and names as a line of JSON on standard output, and what is for people on standard error */
  readonly json?: boolean;
}

/** `hookline up`: synthesize, start, show a push going the whole way, then serve until interrupted. */
export async function up(options: UpOptions): Promise<void> {
  const stopped = firstInterrupt();
  const failed = firstUnhandled();
  const terminal = options.json ? process.stderr : process.stdout;
  const say = linePrinter(terminal);
  const deployment = await Promise.race([failed, start(options, say)]);
  try {
    await Promise.race([stopped, failed, serve(deployment, options, terminal)]);
    say('\nStopping: unfinished work goes on at the next start.');
  } finally {
    await deployment.close();
  }
}

/** Shows the demo and the next steps, and then serves until an interrupt. */
async function serve(
  deployment: Deployment,
  { demo, data, json }: UpOptions,
  terminal: NodeJS.WriteStream,
): Promise<void> {
  const say = linePrinter(terminal);
  const { outputs } = deployment;
  // The page is built in the background: whoever opens the console finds it built, and nobody else waits for it.
  deployment.page().catch((error: Error) => say(`The console cannot be shown: ${error.message}`));
  if (demo) await showDemo(deployment, resolve(data), terminal);
  if (json) process.stdout.write(`${JSON.stringify(outputs)}\n`);
  else say(nextSteps(deployment, data, demo));
  say('\nEach delivery, as it ends:');
  const { call } = deployment.runtime;
  await printEndedDeliveries(
    { call, connection: deployment.connection, stateMachineArn: outputs.stateMachineArn },
    say,
  );
}

async function start({ port, data, rules }: UpOptions, say: PrintLine): Promise<Deployment> {
  const began = Date.now();
  const folder = resolve(ROOT, rules ? resolve(rules) : 'events/rules');
  const inForce = fingerprint(folder);
  // A wrong rule is reported at once: the synthesis would take seconds to find it.
  readRules(folder);
  // Assemblies that are made of another folder's rules are removed with the state folder.
  const options = rules ? { rules: folder, output: resolve(data, 'cdk.out') } : {};
  say('Synthesizing the CDK app');
  const { directory, reused } = await synthesize(ROOT, options);
  say(
    `  ${reused ? 'nothing changed: the last cloud assembly is used again' : `cloud assembly written to ${directory}`} (${seconds(Date.now() - began)})`,
  );
  const deployment = await startDeployment({
    assembly: directory,
    data: resolve(data),
    port,
    rules: {
      folder,
      root: process.cwd(),
      inForce,
      say,
      synthesize: async (signal) => (await synthesize(ROOT, { ...options, signal })).directory,
    },
  });
  say(`Hookline runs at ${deployment.outputs.endpointUrl} (ready after ${seconds(Date.now() - began)})\n`);
  return deployment;
}

/**
 * Resolves at the first interrupt; a second one ends the process at once. The listener stays: were it gone, execa's own,
 * there while a command runs, would take the signal for one that nobody handles, and end the process by it.
 */
function firstInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  });
}

/** The commands that clone the demo repository, change it and push, to be pasted. */
function pushCommands({ outputs, secrets }: Deployment): string {
  const clone = new URL(`${outputs.gitUrl}/${DEMO_REPOSITORY}.git`);
  clone.username = 'hookline';
  clone.password = secrets.token;
  return `
Push again, and watch it in the console:

  git clone ${clone.href} demo
  cd demo && echo change >> README.md && git commit -am "Change it" && git push
`;
}

function nextSteps(deployment: Deployment, data: string, demo: boolean): string {
  const { outputs, secrets, runtime } = deployment;
  const { accessKeyId, secretAccessKey } = runtime.credentials;
  return `
See every delivery, replay and write rules in the console:

  ${outputs.consoleUrl}
${demo ? pushCommands(deployment) : ''}
A new repository needs no setup: push it to ${outputs.gitUrl}/OWNER/NAME.git (any user name, the password is ${secrets.token}).

Use the AWS command line or an SDK against it:

  export AWS_ENDPOINT_URL=${outputs.endpointUrl} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}
  aws stepfunctions list-executions --state-machine-arn ${outputs.stateMachineArn}

Add the webhook to a repository or an organisation on GitHub (Settings, Webhooks, Add webhook), once this address can be
reached from there:

  Payload URL   ${outputs.webhookUrl}
  Content type  application/json
  Secret        hookline secret show github.com --reveal --data ${data}

  hookline outputs --json --data ${data}     every address and name

Ctrl-C stops everything.`;
}
