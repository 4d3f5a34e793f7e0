import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

const statusSchema = z.object({
  state: z.string(),
  context: z.string(),
  description: z.string(),
  target_url: z.string(),
});

/** A git host that takes commit statuses, and nothing else. */
export interface StatusHost {
  /** as the parameter of hosts has it */
  readonly hosts: object;
  /** in the order in which the host took them */
  readonly statuses: z.infer<typeof statusSchema>[];
  /** of each of these */
  readonly commits: string[];
  /** how many it was asked to take */
  asked: number;
  /** how long the host takes for the next ones, in ms; whoever does not wait so long has told it nothing */
  readonly delays: number[];
  /** the HTTP status of its answers */
  answer: number;
  close(): void;
}

export async function startStatusHost(): Promise<StatusHost> {
  const server = createServer(async (request, response) => {
    const status = statusSchema.parse(await json(request));
    host.asked += 1;
    await wait(host.delays.shift() ?? 0);
    if (host.answer < 300 && !response.destroyed) {
      host.statuses.push(status);
      host.commits.push(request.url?.split('/').at(-1) ?? '');
    }
    response.writeHead(host.answer, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host: StatusHost = {
    hosts: { 'github.com': { provider: 'github', url, api: url, credentialSecret: 'credentials' } },
    statuses: [],
    commits: [],
    asked: 0,
    delays: [],
    answer: 201,
    close: () => server.close(),
  };
  return host;
}
