import type { Command } from 'commander';
import { type Connection, connect } from '../operate/connection.ts';
import { LOCAL_ACCESS, readAddress } from './outputs.ts';

/** Which deployment a command is for. */
export interface Target {
  readonly data: string;
  readonly stack?: string;
  readonly json?: boolean;
}

/** Adds the options by which every operating command names its deployment. */
export function targeted(command: Command): Command {
  return command
    .option('--data <folder>', 'state folder of a running hookline up', '.hookline')
    .option('--stack <name>', 'a stack deployed on AWS instead, with your own credentials')
    .option('--json', 'as JSON');
}

/** Runs with a connection to the deployment, closed at the end. */
export async function withTarget<T>(
  { data, stack }: Target,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await open(data, stack);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

async function open(data: string, stack: string | undefined): Promise<Connection> {
  if (stack !== undefined) return connect(stack);
  const { stackName, endpointUrl } = await readAddress(data);
  return connect(stackName, { endpoint: endpointUrl, ...LOCAL_ACCESS });
}
