import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { host } from './certificates/certificates.ts';

/** A git host's REST API over HTTPS, with a certificate that a private authority has signed. */
export interface TlsApi {
  readonly url: string;
  /** the method and the path of each request that got through */
  readonly requests: string[];
  /** how many connections were begun, also those that got no further */
  connections: number;
  close(): Promise<void>;
}

/** Answers a list of webhooks, which is empty, and everything else by an empty object. */
export async function startTlsApi(): Promise<TlsApi> {
  const requests: string[] = [];
  const server = createServer(host, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
    response.end(request.url?.endsWith('/hooks?per_page=100') ? '[]' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api: TlsApi = {
    connections: 0,
    url: `https://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', () => {
    api.connections += 1;
  });
  return api;
}
