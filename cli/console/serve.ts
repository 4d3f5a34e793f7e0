import { once } from 'node:events';
import Fastify from 'fastify';
import { mountConsole } from '../../console/server/index.ts';
import { print } from '../print.ts';
import { connectToStack } from '../target.ts';
import { consoleUrl, newToken } from './address.ts';
import { consolePage } from './page.ts';

export interface ConsoleOptions {
  readonly stack: string;
  /** 0 for a free one */
  readonly port: number;
  readonly json?: boolean;
}

/**
 * Serves the console of a deployed stack until it is interrupted, to whoever has the address that it prints.
 * @throws when there is no such stack
 */
export async function serveConsole({ stack, port, json }: ConsoleOptions): Promise<void> {
  const connection = await connectToStack(stack);
  const page = consolePage();
  await page();
  const token = newToken();
  // The ARN of an execution is longer than Fastify's own limit for a part of a path.
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 8192 } });
  mountConsole(app, { connection: async () => connection, token, page, local: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port });
  const url = consoleUrl(endpoint, token);
  print(
    json
      ? JSON.stringify({ stackName: stack, consoleUrl: url })
      : `The console of ${stack}: ${url}\nCtrl-C stops it.`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await app.close();
  connection.close();
}
