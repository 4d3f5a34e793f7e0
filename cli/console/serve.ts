import { once } from 'node:events';
import Fastify from 'fastify';
import { mountConsole } from '../../console/server/index.ts';
import { connect } from '../../operate/connection.ts';
import { print } from '../print.ts';
import { consoleUrl, newToken } from './address.ts';
import { consolePage } from './page.ts';

/**
 * Serves the console of a deployed stack until it is interrupted, to whoever has the address that it prints.
 * @param port 0 for a free one
 * @throws when there is no such stack
 */
export async function serveConsole(stack: string, port: number): Promise<void> {
  const connection = await connect(stack);
  const page = consolePage();
  await page();
  const token = newToken();
  const app = Fastify({ forceCloseConnections: true });
  mountConsole(app, { connection: async () => connection, token, page, local: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port });
  print(`The console of ${stack}: ${consoleUrl(endpoint, token)}\nCtrl-C stops it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await app.close();
  connection.close();
}
