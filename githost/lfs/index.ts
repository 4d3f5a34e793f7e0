import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, answerError, bodyOf } from '../api/request-and-error.ts';
import { allows, isFor } from '../apps/access.ts';
import { type Identify, readCredential } from '../credential.ts';
import type { KeyedQueue } from '../keyed-queue.ts';
import type { Repositories, Repository } from '../repositories.ts';
import { answerBatch, batchSchema } from './batch.ts';
import { lfsObjects } from './objects.ts';

export interface Lfs {
  /** whether the path, `/owner/name.git/info/lfs/…`, is one of LFS */
  serves(path: string): boolean;
  handle(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

interface Parts {
  readonly repositories: Repositories;
  /** one push of a repository at a time */
  readonly pushes: KeyedQueue;
  readonly identify: Identify;
  /** the host's own address, without a slash at its end */
  readonly url: () => string;
}

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/info\/lfs\/(.*)$/;
const OBJECT = /^objects\/([0-9a-f]{64})$/;
const TYPE = 'application/vnd.git-lfs+json';

/** Git LFS's batch API and its basic transfer: downloads and uploads, and no locks. */
export function createLfs(parts: Parts): Lfs {
  return {
    serves: (path) => PATH.test(path),
    handle: async (path, request, reply) => {
      const [, owner = '', name = '', what = ''] = PATH.exec(path) ?? [];
      const caller = readCredential(request.headers.authorization, parts.identify);
      if (typeof caller === 'string' || caller.app) return challenge(reply);
      try {
        const repository = parts.repositories.named(owner, name);
        if (!repository) throw new ApiError(404, `${owner}/${name} cannot be a repository`);
        const { access } = caller;
        // A token of an App reads: nobody pushes by one.
        if (
          access &&
          !(isFor(access, repository) && allows(access, 'contents', 'read') && request.method !== 'PUT')
        )
          throw new ApiError(403, `the token may not read ${repository.fullName}`);
        return await answer(parts, repository, what, request, reply);
      } catch (error) {
        return answerError(error, reply.type(TYPE));
      }
    },
  };
}

async function answer(
  parts: Parts,
  repository: Repository,
  what: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const [, oid] = OBJECT.exec(what) ?? [];
  if (oid && request.method === 'GET') return download(repository, oid, reply);
  if (oid && request.method === 'PUT') return upload(parts, repository, oid, request, reply);
  if (what === 'objects/batch' && request.method === 'POST') return batch(parts, repository, request, reply);
  throw new ApiError(
    501,
    `${request.method} ${what} is not served: the git host has LFS objects and no locks`,
  );
}

async function batch(
  { repositories, pushes, url }: Parts,
  repository: Repository,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = await bodyOf(request, batchSchema, 'Batch');
  // git-lfs uploads before git pushes: also here the first push makes the repository
  if (asked.operation === 'upload')
    await pushes.run(repository.fullName, () => repositories.make(repository));
  if (!repositories.find(repository.owner, repository.name))
    throw new ApiError(404, `there is no repository ${repository.fullName}: the first push makes it`);
  const address = `${url()}/${repository.fullName}.git/info/lfs/objects`;
  return reply.type(TYPE).send(await answerBatch(asked, lfsObjects(repository), address));
}

async function download(repository: Repository, oid: string, reply: FastifyReply): Promise<FastifyReply> {
  const objects = lfsObjects(repository);
  const size = await objects.size(oid);
  if (size === undefined) throw new ApiError(404, `${repository.fullName} has no LFS object ${oid}`);
  return reply.type('application/octet-stream').header('content-length', size).send(objects.read(oid));
}

async function upload(
  { repositories }: Parts,
  repository: Repository,
  oid: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!repositories.find(repository.owner, repository.name))
    throw new ApiError(
      404,
      `there is no repository ${repository.fullName}: ask for a batch of uploads first`,
    );
  const content = request.body instanceof Readable ? request.body : Readable.from([]);
  if (await lfsObjects(repository).write(oid, content)) return reply.send();
  throw new ApiError(422, `the content is not that of ${oid}: send what has this SHA-256`);
}

function challenge(reply: FastifyReply): FastifyReply {
  const message = 'the git host asks for its token as the password, with any user name';
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Hookline", charset="UTF-8"')
    .header('lfs-authenticate', 'Basic realm="Hookline", charset="UTF-8"')
    .type(TYPE)
    .send({ message });
}
