import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allows, isFor } from '../apps/access.ts';
import { type Caller, type Identify, readCredential } from '../credential.ts';
import type { Git } from '../git.ts';
import type { KeyedQueue } from '../keyed-queue.ts';
import type { Announcer } from '../push/announce.ts';
import type { Repositories, Repository } from '../repositories.ts';
import { type CgiRun, runCgi } from './cgi.ts';

export interface SmartHttp {
  /** @param path the path behind the mount, `/owner/name.git/info/refs` */
  handle(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** ends every running git, and resolves when each has ended and its push has been announced */
  close(): Promise<void>;
}

interface Parts {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly announcer: Announcer;
  /** one push of a repository at a time: its events are the difference it made */
  readonly pushes: KeyedQueue;
  readonly identify: Identify;
}

type Service = 'git-upload-pack' | 'git-receive-pack';

interface GitRequest {
  readonly repository: Repository;
  readonly service: Service;
  /** whether it is the first request of the two, which lists the refs */
  readonly listing: boolean;
}

/** An answer that is being sent; its end waits. */
interface Served {
  readonly body: Readable & { end(): unknown };
  readonly ended: Promise<void>;
}

/** git's smart HTTP protocol, by `git http-backend`. */
export function createSmartHttp(parts: Parts): SmartHttp {
  const running = new Set<CgiRun>();
  let closed = false;
  const serve = async (
    gitRequest: GitRequest,
    caller: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    const environment = environmentOf(parts.git, gitRequest, caller, request);
    const input = request.body instanceof Readable ? request.body : undefined;
    const backend = await parts.git.backend();
    // The host may have ended while this push waited for its turn.
    if (closed) throw new Error('the git host is ending: push again when it runs');
    const run = runCgi(backend, environment, input);
    running.add(run);
    void run.ended.catch(() => undefined).then(() => running.delete(run));
    const { status, headers, body } = await run.answer;
    reply.code(status).headers(headers).send(body);
    return { body, ended: run.ended };
  };
  const push = (gitRequest: GitRequest, caller: Caller, request: FastifyRequest, reply: FastifyReply) =>
    parts.pushes.run(gitRequest.repository.fullName, async () => {
      await parts.announcer.begin(gitRequest.repository, caller.login);
      // Git may have moved refs before it or the connection failed, so the events are made all the same.
      const failed = async (error: unknown): Promise<never> => {
        await parts.announcer.endKilled(gitRequest.repository);
        throw error;
      };
      const { body, ended } = await serve(gitRequest, caller, request, reply).catch(failed);
      await endAnswer({ body, ended: ended.then(() => parts.announcer.end(gitRequest.repository), failed) });
    });
  return {
    handle: async (path, request, reply) => {
      const credential = readCredential(request.headers.authorization, parts.identify);
      if (credential === 'none' || credential === 'wrong') return challenge(reply, credential);
      if (credential.app) return challenge(reply, 'wrong');
      const gitRequest = gitRequestOf(parts.repositories, path, request);
      if (typeof gitRequest === 'string') return reply.code(404).type('text/plain').send(`${gitRequest}\n`);
      const { repository, service, listing } = gitRequest;
      if (!mayDo(credential, gitRequest))
        return reply
          .code(403)
          .type('text/plain')
          .send(`the token may not do ${service} of ${repository.fullName}\n`);
      if (service === 'git-receive-pack') await makeReady(parts, repository);
      if (service === 'git-receive-pack' && !listing) await push(gitRequest, credential, request, reply);
      else await endAnswer(await serve(gitRequest, credential, request, reply));
      return reply;
    },
    close: async () => {
      closed = true;
      for (const run of running) run.stop();
      await parts.pushes.idle();
      await Promise.allSettled([...running].map(({ ended }) => ended));
    },
  };
}

/** Makes the repository of a push, or the events of an earlier one that failed: whoever tries again finds its refs moved. */
const makeReady = ({ pushes, repositories, announcer }: Parts, repository: Repository): Promise<void> =>
  pushes.run(repository.fullName, async () => {
    await repositories.make(repository);
    await announcer.end(repository);
  });

/** Whether a token of an App is for the repository, and for what git wants there. */
function mayDo({ access }: Caller, { repository, service }: GitRequest): boolean {
  const wanted = service === 'git-receive-pack' ? 'write' : 'read';
  return !access || (isFor(access, repository) && allows(access, 'contents', wanted));
}

/** Ends the answer when git has ended, and what follows it: a client that has the whole answer can rely on both. */
async function endAnswer({ body, ended }: Served): Promise<void> {
  try {
    await ended;
    body.end();
  } catch (error) {
    body.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function challenge(reply: FastifyReply, credential: 'none' | 'wrong'): FastifyReply {
  const text =
    credential === 'none'
      ? 'the git host asks for its token as the password, with any user name'
      : "that is not the git host's token: give it as the password, with any user name";
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Hookline", charset="UTF-8"')
    .type('text/plain')
    .send(`${text}\n`);
}

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** The request to git, or the reason why nothing is served at this path. */
function gitRequestOf(
  repositories: Repositories,
  path: string,
  request: FastifyRequest,
): GitRequest | string {
  const [, owner = '', name = '', what] = PATH.exec(path) ?? [];
  if (what === undefined)
    return `nothing is served at ${path}: clone and push with git at /OWNER/NAME.git, its smart HTTP protocol only`;
  const repository = repositories.named(owner, name);
  if (!repository)
    return `${owner}/${name} cannot be a repository: owner and name are letters, digits, '_', '.' and '-'`;
  const listing = what === 'info/refs';
  const service = listing ? new URL(request.url, 'http://host').searchParams.get('service') : what;
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
    return `${path} is served for the services git-upload-pack and git-receive-pack, not for ${service ?? 'none'}`;
  if (request.method !== (listing ? 'GET' : 'POST')) return `${path} is not served for ${request.method}`;
  if (service === 'git-upload-pack' && !repositories.find(owner, name))
    return `there is no repository ${repository.fullName}: the first push makes it`;
  return { repository, service, listing };
}

function environmentOf(
  git: Git,
  { repository, service, listing }: GitRequest,
  { login }: Caller,
  request: FastifyRequest,
): Record<string, string> {
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    ...git.environment,
    GIT_PROJECT_ROOT: repository.folder,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: header('git-protocol'),
    PATH_INFO: listing ? '/info/refs' : `/${service}`,
    QUERY_STRING: listing ? `service=${service}` : '',
    REQUEST_METHOD: request.method,
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_USER: login,
    REMOTE_ADDR: request.ip,
    CONTENT_TYPE: header('content-type'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    // Without CONTENT_LENGTH git reads to the end. With one, `git http-backend` waits for the rest of a body that breaks off,
    // without a pause and for ever.
  };
}
