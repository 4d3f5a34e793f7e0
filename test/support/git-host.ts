import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import Fastify from 'fastify';
import * as z from 'zod';
import { createGitHost, type GitHost } from '../../githost/index.ts';
import { createRepository, type Repository } from './repository.ts';

export const TOKEN = 'the-token';
export const SECRET = "It's a Secret to Everybody";

/** A git host on a free port, with a folder of its own unless one is given. */
export interface RunningHost {
  readonly gitHost: GitHost;
  readonly directory: string;
  /** `http://127.0.0.1:PORT/git` */
  readonly url: string;
  /** the clone URL of a repository, with the token in it */
  clone(repository: string, token?: string): string;
  close(): Promise<void>;
  /** `close`, and the folder goes */
  remove(): Promise<void>;
}

export async function startHost(given?: string, kept?: number): Promise<RunningHost> {
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'hookline-githost-')));
  let url = '';
  const gitHost = createGitHost({
    directory,
    url: () => url,
    hostName: 'localhost',
    token: TOKEN,
    webhookSecret: SECRET,
    ...(kept === undefined ? {} : { kept }),
  });
  const app = Fastify({ forceCloseConnections: true });
  gitHost.register(app, '/git');
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/git`;
  const close = async () => {
    await gitHost.close();
    await app.close();
  };
  return {
    gitHost,
    directory,
    url,
    clone: (repository, token = TOKEN) => {
      const clone = new URL(`${url}/${repository}.git`);
      clone.username = 'ada';
      clone.password = token;
      return clone.href;
    },
    close,
    remove: async () => {
      await close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A webhook as it came in, its body byte for byte. */
interface Received {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly payload: z.infer<typeof payloadSchema>;
}

const payloadSchema = z.looseObject({ ref: z.string().optional() });

/** A receiver of webhooks on a free port. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** what to answer from now on, 200 at first */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const text = request.headers['content-type']?.includes('form')
      ? (new URLSearchParams(body.toString()).get('payload') ?? '')
      : body.toString();
    const event = String(request.headers['x-github-event']);
    received.push({ event, headers: request.headers, body, payload: payloadSchema.parse(JSON.parse(text)) });
    response.writeHead(status).end('received');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no port in ${address}`);
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    answer: (wanted) => {
      status = wanted;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A work tree with one commit. */
export async function workTree(): Promise<Repository> {
  const repository = await createRepository();
  await repository.commit({ 'README.md': 'one\n' }, 'One');
  return repository;
}

/** Calls the host's API with the token, or with another one; '' is none. */
export async function callApi(
  host: RunningHost,
  method: string,
  path: string,
  body?: unknown,
  token: string = TOKEN,
) {
  const response = await fetch(`${host.url}/api/v3${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    link: response.headers.get('link'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}
