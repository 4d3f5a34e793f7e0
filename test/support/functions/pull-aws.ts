import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Service } from '../../../local/core/cloud.ts';
import { fakeService, serve } from '../../../local/testing.ts';

export interface StoredObject {
  readonly body: Buffer;
  readonly metadata: Record<string, string>;
  readonly versionId: string;
}

/** The four services that a pull talks to, in memory. */
export interface Aws {
  readonly endpoint: string;
  readonly objects: Map<string, StoredObject>;
  /** the last token of each ref */
  readonly tokens: Map<string, number>;
  /** the key that each ref's pointer shows, as Publish records it */
  readonly published: Map<string, string>;
  /** the commit of the newest delivery that the rule `skipping` has claimed, by ref, as Claim records it */
  readonly claimed: Map<string, string>;
  /** by the name of an artifact's object: which build makes it, and until when */
  readonly leases: Map<string, { owner: string; expires: number }>;
  readonly parts: Map<string, Map<number, Buffer>>;
  hosts: unknown;
  credentials: unknown;
  /** the names of the secrets that were read; each host's is named after the host */
  readonly secretsRead: string[];
  /** runs before an object is completed */
  beforePut: (key: string) => void;
  close(): Promise<void>;
}

export async function startAws(): Promise<Aws> {
  const aws: Aws = {
    endpoint: '',
    objects: new Map(),
    tokens: new Map(),
    published: new Map(),
    claimed: new Map(),
    leases: new Map(),
    parts: new Map(),
    hosts: {},
    credentials: {},
    secretsRead: [],
    beforePut: () => {},
    close: async () => {
      await served.close();
    },
  };
  const services = [settings(aws, 'ssm'), settings(aws, 'secretsmanager'), dynamodb(aws), s3(aws)];
  const served = await serve(services);
  return Object.assign(aws, { endpoint: served.endpoint });
}

const mapSchema = z.record(z.string(), z.looseObject({}));

const withSecrets = (hosts: z.infer<typeof mapSchema>): object =>
  Object.fromEntries(
    Object.entries(hosts).map(([name, host]) => [name, { credentialSecret: `secret-of-${name}`, ...host }]),
  );

function settings(aws: Aws, name: 'ssm' | 'secretsmanager'): Service {
  return fakeService(name, {
    GetParameter: () => ({ Parameter: { Value: JSON.stringify(withSecrets(mapSchema.parse(aws.hosts))) } }),
    GetSecretValue: (input) => {
      const { SecretId } = z.looseObject({ SecretId: z.string() }).parse(input);
      aws.secretsRead.push(SecretId);
      return { SecretString: JSON.stringify(aws.credentials) };
    },
  });
}

const updateSchema = z.looseObject({
  Key: z.object({ id: z.object({ S: z.string() }) }),
  UpdateExpression: z.string(),
});

const leaseSchema = z.looseObject({
  UpdateExpression: z.string(),
  ConditionExpression: z.enum([
    '#name.#owner = :owner',
    'attribute_not_exists(#name) OR #name.#expires < :now',
  ]),
  ExpressionAttributeNames: z.looseObject({ '#name': z.string() }),
  ExpressionAttributeValues: z.looseObject({
    ':owner': z.object({ S: z.string() }).optional(),
    ':lease': z
      .object({ M: z.object({ owner: z.object({ S: z.string() }), expires: z.object({ N: z.string() }) }) })
      .optional(),
  }),
});

/** What DynamoDB does with a lease of an artifact, whose names are those of the commits. */
function changeLease(leases: Aws['leases'], input: unknown): object {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = leaseSchema.parse(input);
  const name = names['#name'];
  const held = leases.get(name);
  const owner = values[':owner']?.S;
  const isFree = owner === undefined ? !held || held.expires < Date.now() : held?.owner === owner;
  if (!isFree) throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400);
  const lease = values[':lease']?.M;
  if (lease) leases.set(name, { owner: lease.owner.S, expires: Number(lease.expires.N) });
  else leases.delete(name);
  return { Attributes: {} };
}

function dynamodb({ tokens, published, claimed, leases }: Aws): Service {
  const UpdateItem = (input: unknown) => {
    const { UpdateExpression, Key } = updateSchema.parse(input);
    const { id } = Key;
    if (UpdateExpression !== 'ADD #next :one') return changeLease(leases, input);
    tokens.set(id.S, (tokens.get(id.S) ?? 0) + 1);
    const key = published.get(id.S);
    const shown = key === undefined ? {} : { published: { M: { key: { S: key } } } };
    const commit = claimed.get(id.S);
    const waiting = commit && { claimed: { M: { skipping: { M: { commit: { S: commit } } } } } };
    return { Attributes: { next: { N: String(tokens.get(id.S)) }, ...shown, ...waiting } };
  };
  return fakeService('dynamodb', { UpdateItem });
}

function s3(aws: Aws): Service {
  const http = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      return await answer(aws, request, reply);
    } catch (error) {
      const { code, status } = error instanceof AwsError ? error : new AwsError('InternalError', '', 500);
      return xml(
        reply.code(status),
        `<Error><Code>${code}</Code><Message>${String(error)}</Message></Error>`,
      );
    }
  };
  return { name: 's3', resources: {}, operations: {}, http };
}

async function answer(aws: Aws, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url, aws.endpoint);
  const key = decodeURIComponent(pathname).split('/').slice(2).join('/');
  const upload = searchParams.get('uploadId') ?? '';
  const parts = aws.parts.get(upload) ?? new Map<number, Buffer>();
  if (request.method === 'HEAD') return head(reply, aws.objects.get(key));
  if (request.method === 'DELETE') {
    aws.parts.delete(upload);
    return reply.code(204).send();
  }
  if (request.method === 'GET') return get(aws, request, reply, key);
  const body = await bytes(request);
  if (searchParams.has('uploads')) return begin(aws, request, reply);
  if (request.method === 'POST') {
    const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    put(aws, request, reply, key, whole, metadataOf.get(upload) ?? {});
    aws.parts.delete(upload);
    return xml(reply, `<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>`);
  }
  if (upload) {
    parts.set(Number(searchParams.get('partNumber')), body);
    return reply.header('etag', etag(body)).send();
  }
  put(aws, request, reply, key, body, userMetadata(request));
  return reply.send();
}

const metadataOf = new Map<string, Record<string, string>>();

function begin(aws: Aws, request: FastifyRequest, reply: FastifyReply): unknown {
  const id = randomUUID();
  aws.parts.set(id, new Map());
  metadataOf.set(id, userMetadata(request));
  const result = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
  return xml(reply, result);
}

function get(aws: Aws, request: FastifyRequest, reply: FastifyReply, key: string): unknown {
  const object = aws.objects.get(key);
  if (!object) throw new AwsError('NoSuchKey', key, 404);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = first === undefined ? object.body : object.body.subarray(Number(first), Number(last) + 1);
  return withMetadata(reply.code(first === undefined ? 200 : 206), object)
    .header('etag', etag(object.body))
    .send(part);
}

function put(
  aws: Aws,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  body: Buffer,
  metadata: Record<string, string>,
): void {
  aws.beforePut(key);
  if (request.headers['if-none-match'] === '*' && aws.objects.has(key))
    throw new AwsError('PreconditionFailed', key, 412);
  const held = aws.objects.get(key);
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && (!held || etag(held.body) !== wanted))
    throw new AwsError('PreconditionFailed', key, 412);
  const versionId = randomUUID();
  aws.objects.set(key, { body, metadata, versionId });
  reply.header('x-amz-version-id', versionId).header('etag', etag(body));
}

function head(reply: FastifyReply, object: StoredObject | undefined): unknown {
  if (!object) return reply.code(404).send();
  return withMetadata(reply, object)
    .header('content-length', object.body.length)
    .header('x-amz-version-id', object.versionId)
    .send();
}

function withMetadata(reply: FastifyReply, { metadata }: StoredObject): FastifyReply {
  const headers = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return reply.headers(Object.fromEntries(headers));
}

function userMetadata({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)]] : [],
    ),
  );
}

async function bytes(request: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (request.body ?? []) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function etag(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function xml(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/xml').send(text);
}
