import { type Command, Option } from 'commander';
import type { Connection } from '../operate/connection/connection.ts';

/** The deployment that a command is for. */
export interface Target {
  readonly data: string;
  readonly stack?: string;
  readonly json?: boolean;
}

/** Adds the options by which every operating command names its deployment. */
export function targeted(command: Command): Command {
  return command
    .addOption(dataOption('state folder of a running hookline up'))
    .addOption(
      new Option('--stack <name>', 'a stack deployed on AWS instead, with your own credentials').env(
        STACK_VARIABLE,
      ),
    )
    .option('--json', 'as JSON')
    .hook('preAction', preferArguments);
}

/** The variables of the environment that name a deployment where the command line does not. */
export const DATA_VARIABLE = 'HOOKLINE_DATA';
export const STACK_VARIABLE = 'HOOKLINE_STACK';
export const DEFAULT_DATA = '.hookline';

export const dataOption = (description: string): Option =>
  new Option('--data <folder>', description).default(DEFAULT_DATA).env(DATA_VARIABLE);

/** The options of the call stand above the environment, and an empty variable counts as absent. */
function preferArguments(_: Command, command: Command): void {
  const { data, stack } = command.opts<Pick<Target, 'data' | 'stack'>>();
  if (data === '') command.setOptionValue('data', DEFAULT_DATA);
  const isNamed = command.getOptionValueSource('data') === 'cli';
  const isFromEnvironment = command.getOptionValueSource('stack') === 'env';
  if (stack === '' || (isNamed && isFromEnvironment)) command.setOptionValue('stack', undefined);
}

/** The options that name a deployment, as they are typed behind a command; `''` for the usual one. */
export function targetText({ data, stack }: Pick<Target, 'data' | 'stack'>): string {
  if (stack !== undefined) return ` --stack ${quoted(stack)}`;
  return data === DEFAULT_DATA ? '' : ` --data ${quoted(data)}`;
}

/** A value as a word of a shell. */
export const quoted = (value: string): string =>
  /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;

/** Runs `use` with a connection to the deployment, which is closed at the end. */
export async function withTarget<T>(
  target: Pick<Target, 'data' | 'stack'>,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connectToTarget(target);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

// The SDK is loaded here, as the help does not need it.
async function connectToTarget({ data, stack }: Pick<Target, 'data' | 'stack'>): Promise<Connection> {
  if (stack !== undefined) return connectToStack(stack);
  const [{ connect }, { accessOf, readAddress }] = await Promise.all([
    import('../operate/connection/connection.ts'),
    import('./outputs/local-address.ts'),
  ]);
  const address = await readAddress(data);
  const { stackName, endpointUrl } = address;
  return connect(stackName, accessOf(address)).catch((cause: unknown) => {
    if (!isRefused(cause)) throw cause;
    throw new Error(
      `nothing answers at ${endpointUrl}, where the hookline of ${data} ran last: start it again with "hookline up --data ${data}"`,
      { cause },
    );
  });
}

/** Connects to a stack on AWS, with the credentials and the Region of the environment. @throws with the next step */
export async function connectToStack(stack: string): Promise<Connection> {
  const { connect } = await import('../operate/connection/connection.ts');
  return connect(stack).catch((cause: unknown) => Promise.reject(withAdvice(cause)));
}

/** An error of the AWS SDK about the caller's environment, with the next step. */
function withAdvice(cause: unknown): unknown {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const advice =
    message === 'Region is missing'
      ? 'set AWS_REGION, or "region" of the profile that AWS_PROFILE names'
      : /^CredentialsProviderError|ExpiredToken|InvalidClientTokenId|UnrecognizedClient/.test(name)
        ? 'sign in ("aws sso login", "aws configure"), or name another profile with AWS_PROFILE'
        : undefined;
  return advice === undefined ? cause : new Error(`${message}: ${advice}`, { cause });
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
