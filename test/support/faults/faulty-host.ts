import { once } from 'node:events';
import { createServer, type IncomingMessage, request as requestTo, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What becomes of a request, in place of its answer. */
export type HostFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'reset' }
  /** what becomes of an answer that holds a pack; other answers are left alone */
  | { readonly kind: 'truncated' | 'corrupt' | 'slow' | 'stops' };

/** A git host that stands before another one, and fails the requests of some repositories. */
export interface FaultyHost {
  readonly url: string;
  /** fails the next requests of a repository: `acme/app` */
  fail(repository: string, fault: HostFault, times: number): void;
  /** how many requests of the repository have failed by now */
  failed(repository: string): number;
  /** breaks off the answers to this repository that have stopped */
  breakOff(repository: string): void;
  close(): Promise<void>;
}

interface Armed {
  readonly fault: HostFault;
  readonly times: number;
  done: number;
}

/** @param url of the host that answers all the other requests */
export async function startFaultyHost(url: string): Promise<FaultyHost> {
  const armed = new Map<string, Armed>();
  const stopped = new Map<string, ServerResponse[]>();
  const server = createServer(async (request, response) => {
    const repository = /\/([^/]+\/[^/]+?)\.git\//.exec(request.url ?? '')?.[1] ?? '';
    const found = armed.get(repository);
    const active = found && found.done < found.times ? found : undefined;
    try {
      if (active && failedAtOnce(active, request, response)) return;
      if (active?.fault.kind === 'stops')
        stopped.set(repository, [...(stopped.get(repository) ?? []), response]);
      await pass(new URL(request.url ?? '/', url), request, response, active);
    } catch {
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    fail: (repository, fault, times) => void armed.set(repository, { fault, times, done: 0 }),
    failed: (repository) => armed.get(repository)?.done ?? 0,
    breakOff: (repository) => {
      for (const response of stopped.get(repository) ?? []) response.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @returns whether the request needs no other answer */
function failedAtOnce(armed: Armed, request: IncomingMessage, response: ServerResponse): boolean {
  const { fault } = armed;
  switch (fault.kind) {
    case 'status':
      request.resume();
      response.writeHead(fault.status, fault.headers).end();
      break;
    case 'reset':
      request.socket.resetAndDestroy();
      break;
    default:
      return false;
  }
  armed.done += 1;
  return true;
}

async function pass(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  armed: Armed | undefined,
): Promise<void> {
  const { method, headers } = request;
  const onward = requestTo(url, { method, headers: { ...headers, connection: 'close' } });
  request.pipe(onward);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
  if (!armed || !bytes.includes(PACK)) return void response.end(bytes);
  await sendPack(armed.fault.kind, bytes, response);
  armed.done += 1;
}

const PACK = 'PACK\0\0\0\x02';

async function sendPack(kind: HostFault['kind'], bytes: Buffer, response: ServerResponse): Promise<void> {
  const middle = Math.floor((bytes.indexOf(PACK) + bytes.length) / 2);
  if (kind === 'truncated') {
    // The bytes are on their way before the connection goes.
    response.write(bytes.subarray(0, middle), () => response.destroy());
    return;
  }
  if (kind === 'stops') {
    response.write(bytes.subarray(0, middle));
    return;
  }
  if (kind === 'corrupt') return void response.end(bytes.fill(0, middle - BROKEN, middle));
  const size = Math.ceil(bytes.length / PIECES);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await wait(PAUSE_MS);
  }
  response.end();
}

const BROKEN = 16;
const PIECES = 20;
const PAUSE_MS = 250;
