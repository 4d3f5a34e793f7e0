import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface GitHttp {
  /** the address below which `owner/name.git` stands */
  readonly url: string;
  /** what was asked for, with the credential that came along */
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[];
  /** bytes that git has sent */
  sent: number;
  /** whether git speaks its first protocol, as over a connection that passes no environment on */
  oldProtocol: boolean;
  /** settings of the host's own git */
  config: Record<string, string>;
  /** LFS objects by their id */
  readonly lfs: Map<string, Buffer>;
  /** where the content of LFS objects is downloaded from */
  lfsUrl: string;
  /** answers a request by itself instead of by git, and returns `true` */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** puts an LFS object there and returns the pointer file that stands for it in git */
  addLfs(content: string): string;
  close(): Promise<void>;
}

/**
 * git over HTTP with `git http-backend`, as a git host serves it, and LFS downloads beside it.
 * @param root the folder with the bare repositories
 * @param token what a request must carry as its password; none for a public host
 * @param tls what the server shows over HTTPS
 */
export async function serveGit(
  root: string,
  token?: string,
  tls?: { cert: string; key: string },
): Promise<GitHttp> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    git.requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    if (git.intercept(request, response)) return;
    if (token !== undefined && passwordOf(request) !== token) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no');
    } else if (request.url?.includes('/info/lfs/') || request.url?.startsWith('/lfs/')) {
      answerLfs(git, request, response);
    } else {
      runBackend(git, root, request, response);
    }
  };
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const git: GitHttp = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests: [],
    sent: 0,
    oldProtocol: false,
    config: {},
    lfs: new Map(),
    lfsUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    intercept: () => false,
    addLfs: (content) => {
      const oid = createHash('sha256').update(content).digest('hex');
      git.lfs.set(oid, Buffer.from(content));
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return git;
}

function passwordOf({ headers }: IncomingMessage): string | undefined {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  return basic && Buffer.from(basic, 'base64').toString().split(':')[1];
}

/** Settings as git takes them from its environment. */
const configured = (config: GitHttp['config']): Record<string, string> =>
  Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(Object.keys(config).length)],
    ...Object.entries(config).flatMap(([key, value], number) => [
      [`GIT_CONFIG_KEY_${number}`, key],
      [`GIT_CONFIG_VALUE_${number}`, value],
    ]),
  ]);

/** The CGI protocol: the request in the environment, the answer with its headers on standard output. */
function runBackend(git: GitHttp, root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const { headers } = request;
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'],
      HTTP_CONTENT_ENCODING: headers['content-encoding'],
      GIT_PROTOCOL: git.oldProtocol ? '' : [headers['git-protocol']].flat()[0],
      REMOTE_USER: 'test',
      ...configured(git.config),
    },
  });
  request.pipe(backend.stdin).on('error', () => {});
  let head = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    git.sent += chunk.length;
    if (response.headersSent) return response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split('\r\n');
    const fields = lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2) as [string, string]);
    const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1];
    response.writeHead(Number.parseInt(status ?? '200', 10), Object.fromEntries(fields));
    return response.write(head.subarray(end + 4));
  });
  backend.once('close', () => response.end());
}

/** The batch API and the downloads of https://github.com/git-lfs/git-lfs/tree/main/docs/api. */
function answerLfs({ lfs, lfsUrl }: GitHttp, request: IncomingMessage, response: ServerResponse): void {
  const [, oid] = /^\/lfs\/(\w+)$/.exec(request.url ?? '') ?? [];
  if (oid) {
    response.end(lfs.get(oid));
    return;
  }
  const chunks: Buffer[] = [];
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as {
        objects: { oid: string; size: number }[];
      };
      const objects = asked.objects.map((object) => ({
        ...object,
        ...(lfs.has(object.oid)
          ? { actions: { download: { href: `${lfsUrl}/lfs/${object.oid}` } } }
          : { error: { code: 404, message: 'Object does not exist on the server' } }),
      }));
      response
        .writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' })
        .end(JSON.stringify({ transfer: 'basic', objects }));
    });
}
