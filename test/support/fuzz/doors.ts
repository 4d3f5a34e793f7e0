import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { Deployment } from '../../../cli/up/deployment.ts';
import { hostileBody, hostileHeader, hostilePart } from './hostile.ts';
import type { RawRequest } from './raw-request.ts';
import { API_ROUTES, CONSOLE_ROUTES, pathOf } from './routes.ts';
import { API_BODY, BATCH, CONSOLE_BODY, PUSH } from './samples.ts';

/** Whom a stranger can ask. */
export type Target = Pick<Deployment, 'outputs' | 'secrets' | 'runtime'>;

/** The doors of a Hookline, and what may come to each: much of it signed or with the token, to get behind the door. */
export const DOORS: Readonly<Record<string, (target: Target) => fc.Arbitrary<RawRequest>>> = {
  webhook,
  git,
  api,
  console: consoleApi,
  aws,
};

/** Mostly the right one. */
const mostly = (right: string, wrong: fc.Arbitrary<string> = hostileHeader): fc.Arbitrary<string> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, wrong);

const methods = fc.constantFrom('GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS');

const headers = (all: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<RawRequest['headers']> =>
  fc
    .record(all, { requiredKeys: [] })
    .map((some) => Object.entries(some).filter((entry): entry is [string, string] => entry[1] !== undefined));

function webhook({ outputs, secrets }: Target): fc.Arbitrary<RawRequest> {
  const { pathname } = new URL(outputs.webhookUrl);
  return hostileBody(PUSH).chain((body) => {
    const signature = `sha256=${createHmac('sha256', secrets.webhookSecret).update(body).digest('hex')}`;
    return fc.record({
      method: mostly('POST', methods),
      path: mostly(
        pathname,
        hostilePart.map((part) => `${pathname}${part}`),
      ),
      headers: headers({
        'Content-Type': mostly('application/json'),
        'X-GitHub-Event': mostly('push', fc.oneof(hostileHeader, fc.constantFrom('ping', 'pull_request'))),
        'X-GitHub-Delivery': fc.oneof(fc.uuid(), fc.uuid(), hostileHeader),
        'X-GitHub-Enterprise-Host': mostly('localhost'),
        'X-Hub-Signature-256': mostly(signature),
        'X-Forwarded-For': hostileHeader,
      }),
      body: fc.constant(body),
      chunked: fc.boolean(),
    });
  });
}

const basic = (login: string, password: string): string =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

function git({ outputs, secrets: { token } }: Target): fc.Arbitrary<RawRequest> {
  const { pathname } = new URL(outputs.gitUrl ?? '');
  const owner = mostly('acme', hostilePart);
  const name = mostly('app.git', hostilePart);
  const service = fc.constantFrom('git-upload-pack', 'git-receive-pack');
  const tail = fc.oneof(
    service.map((each) => `info/refs?service=${each}`),
    service,
    hostilePart.map((part) => `info/refs?service=${part}`),
    fc.constantFrom('info/lfs/objects/batch', `info/lfs/objects/${'a'.repeat(64)}`, 'info/lfs/locks'),
    hostilePart.map((part) => `info/lfs/${part}`),
    hostilePart,
  );
  const packets = [
    '0000',
    '0009done\n',
    '0014command=ls-refs\n0000',
    'ffff',
    'zzzz',
    '0003',
    '0000PACK\0\0\0\x02',
  ];
  return fc.record({
    method: methods,
    path: fc.tuple(owner, name, tail).map((parts) => [pathname, ...parts].join('/')),
    headers: headers({
      Authorization: fc.oneof(
        { weight: 6, arbitrary: fc.constant(basic('test', token)) },
        hostileHeader.map((login) => basic(login, token)),
        fc.constant(basic('a\0b', token)),
        hostileHeader,
      ),
      'Content-Type': fc.oneof(
        service.map((each) => `application/x-${each}-request`),
        hostileHeader,
      ),
      'Content-Encoding': fc.constantFrom('gzip', 'br', 'x'),
      'Git-Protocol': mostly('version=2'),
    }),
    body: fc.oneof(
      fc.constantFrom(...packets).map((text) => Buffer.from(text, 'latin1')),
      hostileBody(BATCH),
    ),
    chunked: fc.boolean(),
  });
}

function api({ outputs, secrets: { token } }: Target): fc.Arbitrary<RawRequest> {
  const { pathname } = new URL(outputs.gitUrl ?? '');
  return fc.record({
    method: methods,
    path: pathOf(API_ROUTES).map((path) => `${pathname}/api/v3${path}`),
    headers: headers({
      Authorization: mostly(`Bearer ${token}`),
      'Content-Type': mostly('application/json'),
    }),
    body: hostileBody(API_BODY),
    chunked: fc.boolean(),
  });
}

function consoleApi({ outputs }: Target): fc.Arbitrary<RawRequest> {
  const { pathname, hash } = new URL(outputs.consoleUrl ?? '');
  const token = new URLSearchParams(hash.slice(1)).get('token');
  return fc.record({
    method: methods,
    path: pathOf(CONSOLE_ROUTES).map((path) => `${pathname}${path}`),
    headers: headers({
      Authorization: mostly(`Bearer ${token}`),
      'Content-Type': mostly('application/json'),
    }),
    body: hostileBody(CONSOLE_BODY),
    chunked: fc.boolean(),
  });
}

const SERVICES = [
  's3',
  's3',
  'dynamodb',
  'states',
  'events',
  'lambda',
  'sqs',
  'sts',
  'execute-api',
  '__proto__',
];

function aws({ outputs, runtime }: Target): fc.Arbitrary<RawRequest> {
  const key = mostly(runtime.credentials.accessKeyId);
  const scope = fc.constantFrom(...SERVICES).map((service) => `20260101/us-east-1/${service}/aws4_request`);
  const signature = mostly('0'.repeat(64));
  const presigned = fc
    .record(
      {
        'X-Amz-Algorithm': mostly('AWS4-HMAC-SHA256', hostilePart),
        'X-Amz-Credential': fc.tuple(key, scope).map((parts) => encodeURIComponent(parts.join('/'))),
        'X-Amz-Date': mostly('20260101T000000Z', hostilePart),
        'X-Amz-Expires': fc.constantFrom('900', '-1', '1e9', 'x', ''),
        'X-Amz-SignedHeaders': fc.constantFrom('host', 'x', '__proto__', ''),
        'X-Amz-Signature': signature,
      },
      { requiredKeys: [] },
    )
    .map((query) =>
      Object.entries(query)
        .flatMap(([name, value]) => `${name}=${value}`)
        .join('&'),
    );
  const signed = fc
    .tuple(key, scope, signature)
    .map(([id, of, hex]) => `AWS4-HMAC-SHA256 Credential=${id}/${of}, SignedHeaders=host, Signature=${hex}`);
  return fc.record({
    method: methods,
    path: fc
      .tuple(mostly(outputs.bucket, hostilePart), hostilePart, fc.oneof(presigned, fc.constant('')))
      .map(([bucket, object, query]) => `/${bucket}/${object}?${query}`),
    headers: headers({
      Authorization: fc.oneof(signed, hostileHeader),
      'X-Amz-Date': mostly('20260101T000000Z'),
      'X-Amz-Target': fc.oneof(
        fc.constantFrom('DynamoDB_20120810.GetItem', 'a.__proto__', '.'),
        hostileHeader,
      ),
      Range: fc.constantFrom('bytes=0-,5-', 'bytes=-1', 'x'),
    }),
    body: hostileBody({ Action: 'x' }),
    chunked: fc.boolean(),
  });
}
