import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a host's API answers to a request. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** a text is the JSON itself */
  readonly body?: unknown;
}

/** A request that came, its path with the query, its body as the JSON says. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A host's REST API that answers what a test says. */
export interface AnsweringApi {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** forgets what was asked, and answers so from now on; undefined for a request that is never answered */
  answer(by: (asked: Asked) => Answer | undefined): void;
  close(): Promise<void>;
}

export async function startAnsweringApi(): Promise<AnsweringApi> {
  const asked: Asked[] = [];
  let by: (asked: Asked) => Answer | undefined = () => ({});
  const server = createServer(async (request, response) => {
    const sent = await text(request);
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: sent === '' ? undefined : JSON.parse(sent) };
    asked.push(one);
    const answer = by(one);
    if (!answer) return;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (wanted) => {
      asked.length = 0;
      by = wanted;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
