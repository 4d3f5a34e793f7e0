import { get } from 'node:http';

export interface WireFigures {
  /** the scripts and styles that the console's first page loads */
  readonly scripts: number;
  /** an answer of the list, and one to a poll since which nothing has changed */
  readonly list: number;
  readonly sameList: number;
}

interface Answer {
  /** of the answer, its headers included */
  readonly bytes: number;
  readonly tag: string;
  readonly body: string;
}

/** What the console sends to a browser, in bytes. @param consoleUrl its address with the token */
export async function measureWire(consoleUrl: string): Promise<WireFigures> {
  const { href, origin, hash } = new URL(consoleUrl);
  const { body } = await answerOf(href);
  const files = [...body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
    ([, path = '']) => origin + path,
  );
  const scripts = await Promise.all(files.map((file) => answerOf(file, { 'accept-encoding': 'gzip, br' })));
  const authorization = `Bearer ${new URLSearchParams(hash.slice(1)).get('token')}`;
  const list = `${origin}/console/api/deliveries?hide=true&limit=100`;
  const first = await answerOf(list, { authorization });
  const second = await answerOf(list, { authorization, 'if-none-match': first.tag });
  return {
    scripts: scripts.reduce((sum, { bytes }) => sum + bytes, 0),
    list: first.bytes,
    sameList: second.bytes,
  };
}

/** A request on a connection of its own. */
function answerOf(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(address, { headers, agent: false }, (response) => {
      const { socket } = response;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          bytes: socket.bytesRead,
          tag: response.headers.etag ?? '',
          body: Buffer.concat(chunks).toString(),
        }),
      );
    }).on('error', reject);
  });
}
