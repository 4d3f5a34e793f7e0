import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, ADMINISTRATOR } from '../../../local/core/account-and-region.ts';
import type { Credentials } from '../../../local/core/cloud.ts';
import { identities } from '../../../local/core/identity.ts';
import { authenticator } from '../../../local/http/authenticate.ts';
import { createServer } from '../../../local/http/server.ts';
import { signatureOf } from '../../../local/http/signature.ts';
import { lambdaHttp } from '../../../local/services/lambda/http.ts';
import { s3Http } from '../../../local/services/s3/http/handler.ts';
import { fakeService } from '../../../local/testing.ts';

const known = identities('the seed of a folder');
let callers: string[] = [];
let inputs: unknown[] = [];
const service = (name: string, operation: string, more = {}) =>
  fakeService(
    name,
    {
      [operation]: (input, { principal }) => {
        callers.push(principal.arn);
        inputs.push(input);
        return name === 'lambda' ? { StatusCode: 200, Payload: '{}' } : {};
      },
      PutObject: () => ({}),
      ListObjectsV2: () => ({}),
    },
    more,
  );
const app = createServer({
  services: () => [
    service('logs', 'DescribeLogGroups'),
    service('sts', 'GetCallerIdentity', { query: true }),
    service('lambda', 'Invoke', { http: lambdaHttp }),
    service('s3', 'GetObject', { http: s3Http({}) }),
  ],
  authenticate: authenticator(known),
  ready: Promise.resolve(),
});
let endpoint: string;
beforeAll(async () => {
  endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

const { accessKeyId, secretAccessKey } = known.administrator;
const account = { accessKeyId, secretAccessKey };
const role = known.session('arn:aws:iam::000000000000:role/a');

const options = (credentials: Credentials, more: object = {}) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { ...credentials },
  maxAttempts: 1,
  forcePathStyle: true,
  ...more,
});

/** One call in each of AWS's protocols. */
type Call = (keys: Credentials, more?: object) => Promise<unknown>;
interface Codes {
  readonly unknown: string;
  readonly mismatch: string;
  readonly skewed: string;
  readonly elsewhere: string;
}
const CALLS: [string, Call, Codes, number][] = [
  [
    'JSON',
    (keys, more) => new CloudWatchLogsClient(options(keys, more)).send(new DescribeLogGroupsCommand({})),
    {
      unknown: 'UnrecognizedClientException',
      mismatch: 'InvalidSignatureException',
      skewed: 'InvalidSignatureException',
      elsewhere: 'InvalidSignatureException',
    },
    400,
  ],
  [
    'query',
    (keys, more) => new STSClient(options(keys, more)).send(new GetCallerIdentityCommand({})),
    {
      unknown: 'InvalidClientTokenId',
      mismatch: 'SignatureDoesNotMatch',
      skewed: 'SignatureDoesNotMatch',
      elsewhere: 'SignatureDoesNotMatch',
    },
    403,
  ],
  [
    'REST',
    (keys, more) =>
      new LambdaClient(options(keys, more)).send(
        new InvokeCommand({ FunctionName: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`, Payload: 'é' }),
      ),
    {
      unknown: 'UnrecognizedClientException',
      mismatch: 'InvalidSignatureException',
      skewed: 'InvalidSignatureException',
      elsewhere: 'InvalidSignatureException',
    },
    403,
  ],
  [
    'S3',
    (keys, more) =>
      new S3Client(options(keys, more)).send(new GetObjectCommand({ Bucket: 'b', Key: "a/../é (1)'*+~" })),
    {
      unknown: 'InvalidAccessKeyId',
      mismatch: 'SignatureDoesNotMatch',
      skewed: 'RequestTimeTooSkewed',
      elsewhere: 'AuthorizationHeaderMalformed',
    },
    403,
  ],
];

describe.each(CALLS)('a call in %s', (_protocol, call, codes, status) => {
  const { unknown, mismatch, skewed, elsewhere } = codes;
  const refused = async (keys: Credentials, name: string, more = {}, code = status) => {
    callers = [];
    await expect(call(keys, more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: code } });
    expect(callers).toEqual([]);
  };

  it('is whose key it is signed with', async () => {
    callers = [];
    await call(account);
    await call(role);
    expect(callers).toEqual([ADMINISTRATOR, `arn:aws:iam::${ACCOUNT}:role/a`]);
  });

  it('is refused with a key of nobody', () =>
    refused({ accessKeyId: 'local', secretAccessKey: 'local' }, unknown));

  it('is refused with another secret', () => refused({ ...account, secretAccessKey: 'guess' }, mismatch));

  it('is refused without the token of the session, or with another', async () => {
    const { sessionToken: _, ...tokenless } = role;
    await refused(tokenless, unknown);
    await refused({ ...role, sessionToken: 'another' }, unknown);
  });

  it('is refused when it was signed a quarter of an hour before or after, and taken a little less', async () => {
    for (const minutes of [-14, 14]) await call(account, { systemClockOffset: minutes * 60_000 });
    for (const minutes of [-16, 16]) await refused(account, skewed, { systemClockOffset: minutes * 60_000 });
  });

  it('is refused when it is signed for another Region', () =>
    refused(
      account,
      elsewhere,
      { region: 'eu-west-2' },
      elsewhere === 'AuthorizationHeaderMalformed' ? 400 : status,
    ));

  it('is refused with a key of another folder', () => {
    const other = identities('another seed').administrator;
    return refused({ accessKeyId: other.accessKeyId, secretAccessKey: other.secretAccessKey }, unknown);
  });
});

describe('an object', () => {
  it('is written in chunks, and listed by what needs encoding', async () => {
    const s3 = new S3Client(options(account));
    const Body = Readable.from(['streamed'], { objectMode: false });
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body, ContentLength: 8 }));
    await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'refs/heads/é+ =&', Delimiter: '/' }));
  });

  it('is read by a presigned address, and by no changed one', async () => {
    const s3 = new S3Client(options(role));
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'b', Key: 'a b/é' }), {
      expiresIn: 60,
    });
    expect((await fetch(url)).status).toBe(200);
    for (const changed of [url.replace('a%20b', 'a%20c'), url.replace('Expires=60', 'Expires=600')]) {
      const answer = await fetch(changed);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    }
  });

  it('is not answered without the hash of its body', async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0`;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const headers = { authorization, 'x-amz-date': time };
    const answer = await fetch(`${endpoint}/b/k`, { headers });
    expect(await answer.text()).toContain('<Code>InvalidRequest</Code>');
  });
});

/** Asks by an address that the administrator has signed at a time, for these seconds or without an end. */
async function askPresigned(service: 's3' | 'sts', path: string, time: string, seconds?: string) {
  const [date, region] = [time.slice(0, 8), 'us-east-1'];
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${date}/${region}/${service}/aws4_request`,
    'X-Amz-Date': time,
    'X-Amz-SignedHeaders': 'host',
    ...(seconds !== undefined && { 'X-Amz-Expires': seconds }),
  });
  const url = `${path}${query}`;
  const signature = signatureOf(
    { method: 'GET', url, rawHeaders: ['host', new URL(endpoint).host] },
    {
      ...{ accessKeyId, date, region, service, time, signedHeaders: ['host'] },
      ...{ signature: '', sessionToken: '', presigned: true },
    },
    secretAccessKey,
    service === 's3' ? 'UNSIGNED-PAYLOAD' : createHash('sha256').digest('hex'),
  );
  const answer = await fetch(`${endpoint}${url}&X-Amz-Signature=${signature}`);
  const [, code = ''] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
  return `${answer.status} ${code}`.trim();
}

const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/[-:]|\.\d+/g, '');
const MONTH = 30 * 24 * 60;

describe('a presigned address', () => {
  it.each([
    ['of this moment, for a week', 0, '604800', '200'],
    ['of an hour ago, for longer', 60, '3700', '200'],
    ['of an hour ago, for a minute', 60, '60', '403 AccessDenied'],
    ['of a time to come', -16, '60', '403 AccessDenied'],
    ['of a month ago, without an end', MONTH, undefined, '400 AuthorizationQueryParametersError'],
    ['for longer than a week', 0, '604801', '400 AuthorizationQueryParametersError'],
    ['for no second', 0, '0', '400 AuthorizationQueryParametersError'],
    ['for less than none', 0, '-1', '400 AuthorizationQueryParametersError'],
    ['for no number', 0, 'x', '400 AuthorizationQueryParametersError'],
  ])('of S3, %s, is answered as by S3', async (_, minutes, seconds, expected) => {
    expect(await askPresigned('s3', '/b/k?', minutesAgo(minutes), seconds)).toBe(expected);
  });

  it('of S3 that was signed at no time is refused', async () => {
    const answer = await askPresigned('s3', '/b/k?', `${minutesAgo(0)}x`, '60');
    expect(answer).toBe('400 AuthorizationQueryParametersError');
  });

  it.each([
    [0, undefined, '200'],
    [14, '60', '200'],
    [16, '3600', '403 SignatureDoesNotMatch'],
    [MONTH, '60', '403 SignatureDoesNotMatch'],
    [MONTH, undefined, '403 SignatureDoesNotMatch'],
  ])('of another service holds for 15 minutes: of %i minutes ago, for %s seconds', async (...given) => {
    const [minutes, seconds, expected] = given;
    const path = '/?Action=GetCallerIdentity&Version=2011-06-15&';
    expect(await askPresigned('sts', path, minutesAgo(minutes), seconds)).toBe(expected);
  });
});

it('hands the body on as it came', async () => {
  inputs = [];
  await new LambdaClient(options(account)).send(
    new InvokeCommand({ FunctionName: 'f', Payload: '{"a":"é"}' }),
  );
  expect(String((inputs[0] as { Payload: Buffer }).Payload)).toBe('{"a":"é"}');
});
