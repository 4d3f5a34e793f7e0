import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { lambdaService } from '../../../../local/services/lambda/index.ts';
import { logsService } from '../../../../local/services/logs/index.ts';
import {
  type FakeCloud,
  fakeCloud,
  make as makeResource,
  temporaryFolder,
} from '../../../../local/testing.ts';

const folder = temporaryFolder();
let cloud: FakeCloud;
let lambda: Service;
let count = 0;

beforeEach(() => {
  count += 1;
  cloud = fakeCloud(`${folder.path}/state-${count}`, {
    'code.zip': { path: `${folder.path}/code-${count}`, packaging: 'zip' },
  });
  cloud.add(logsService(cloud));
  lambda = cloud.add(lambdaService(cloud));
});
afterEach(() => cloud.close());
afterAll(() => folder.remove());

/** Makes a function `f` whose bundle is this one file. */
async function make(file: string, source: string, properties: object = {}): Promise<void> {
  mkdirSync(`${folder.path}/code-${count}`, { recursive: true });
  writeFileSync(`${folder.path}/code-${count}/${file}`, source);
  await makeResource(lambda, 'AWS::Lambda::Function', {
    FunctionName: 'f',
    Code: { S3Key: 'code.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/f',
    Timeout: 30,
    ...properties,
  });
}

async function invoke(payload: unknown = {}) {
  const answer = (await cloud.request('lambda', 'Invoke', {
    FunctionName: 'f',
    Payload: JSON.stringify(payload),
  })) as { Payload: string; FunctionError?: string };
  return { error: answer.FunctionError, payload: JSON.parse(answer.Payload) };
}

async function lines(group = '/aws/lambda/f'): Promise<string[]> {
  const { events } = (await cloud.request('logs', 'FilterLogEvents', { logGroupName: group })) as {
    events: { message: string }[];
  };
  return events.map(({ message }) => message);
}

it.each([{ DeadLetterConfig: {} }, { SnapStart: {} }])(
  'a function with a property that is not carried out is refused: %j',
  async (property) => {
    await expect(make('index.mjs', '', property)).rejects.toThrow(
      `the members ${Object.keys(property)} of AWS::Lambda::Function`,
    );
  },
);

describe('a function that is changed while it runs', () => {
  it('ends what it has begun as it was, and begins as it is', async () => {
    const source = 'export const handler = async (event) => { await event.a; return process.env.VERSION; };';
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 300));';
    await make('index.mjs', source.replace('await event.a;', slow), {
      Environment: { Variables: { VERSION: 'one' } },
    });
    const begun = invoke();
    await make('index.mjs', source, { Environment: { Variables: { VERSION: 'two' } } });
    expect((await invoke()).payload).toBe('two');
    expect((await begun).payload).toBe('one');
  });
});

describe('lambda', () => {
  it.each([
    ['an ES module', 'index.mjs', 'export const handler = async (event) => ({ got: event.a });'],
    ['CommonJS', 'index.js', 'exports.handler = async (event) => ({ got: event.a });'],
    ['a callback', 'index.js', 'exports.handler = (event, context, done) => done(null, { got: event.a });'],
  ])('runs a handler of %s', async (_, file, source) => {
    await make(file, source);
    expect(await invoke({ a: 1 })).toEqual({ error: undefined, payload: { got: 1 } });
  });

  it('gives the function its own environment and nothing of the process around it', async () => {
    process.env.SECRET_OF_THE_PROCESS = 'seen';
    await make('index.mjs', 'export const handler = async () => process.env;', {
      Environment: { Variables: { TABLE: 't' } },
    });
    const { payload } = await invoke();
    delete process.env.SECRET_OF_THE_PROCESS;
    expect(payload).toMatchObject({ TABLE: 't', AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_REGION: 'us-east-1' });
    expect(payload).not.toHaveProperty('SECRET_OF_THE_PROCESS');
    expect(payload).not.toHaveProperty('HOME');
  });

  it('gives the handler its context', async () => {
    await make(
      'index.mjs',
      'export const handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis() });',
    );
    const { payload } = await invoke();
    expect(payload).toMatchObject({
      functionName: 'f',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
      memoryLimitInMB: '128',
    });
    expect(payload.left).toBeGreaterThan(20_000);
    expect(payload.left).toBeLessThanOrEqual(30_000);
  });

  it('keeps a warm worker, its module state in it', async () => {
    await make('index.mjs', 'let n = 0; export const handler = async () => ++n;');
    expect([(await invoke()).payload, (await invoke()).payload]).toEqual([1, 2]);
  });

  it('answers a thrown error as the Lambda runtime does, and stays usable', async () => {
    const source = `class Rejected extends Error { name = 'Rejected' }
      export const handler = async ({ fail }) => { if (fail) throw new Rejected('no'); return 'ok'; };`;
    await make('index.mjs', source);
    expect(await invoke({ fail: true })).toEqual({
      error: 'Unhandled',
      payload: { errorType: 'Rejected', errorMessage: 'no', trace: expect.arrayContaining(['Rejected: no']) },
    });
    expect(await invoke({})).toMatchObject({ payload: 'ok' });
  });

  it('ends a worker that is past its timeout, even in an endless loop, and goes on with a new one', async () => {
    await make('index.mjs', 'export const handler = async ({ spin }) => { while (spin); return 1; };', {
      Timeout: 1,
    });
    expect(await invoke({ spin: true })).toMatchObject({
      error: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 1.00 seconds$/),
      },
    });
    expect(await invoke({})).toMatchObject({ payload: 1 });
  });

  it.each([
    ['process.exit(3)', 'Runtime.ExitError', /exit status 3/],
    ["setTimeout(() => { throw new Error('later') }); await new Promise(() => {})", 'Error', /later/],
    [
      "Promise.reject(new Error('lost')); await new Promise(() => {})",
      'Runtime.UnhandledPromiseRejection',
      /Error: lost/,
    ],
  ])('names the crash of %s', async (code, errorType, errorMessage) => {
    await make('index.mjs', `export const handler = async () => { ${code} };`);
    expect(await invoke()).toMatchObject({
      error: 'Unhandled',
      payload: { errorType, errorMessage: expect.stringMatching(errorMessage) },
    });
  });

  it.each([
    ['index.mjs', "import 'no-such-package'; export const handler = 1;", 'Runtime.ImportModuleError'],
    ['index.mjs', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    ['index.mjs', 'export const = 1;', 'Runtime.UserCodeSyntaxError'],
  ])('names what is wrong with %s: %s', async (file, source, errorType) => {
    await make(file, source);
    expect(await invoke()).toMatchObject({ error: 'Unhandled', payload: { errorType } });
  });

  it('writes what the function prints between START and REPORT', async () => {
    const source = `export const handler = async () => {
      console.log('a %s', 'b'); process.stdout.write('{"raw":1}\\nsecond\\n'); console.error('bad\\nworse'); };`;
    await make('index.mjs', source);
    await invoke();
    await vi.waitFor(async () => expect(await lines()).toHaveLength(7));
    expect(await lines()).toEqual([
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST$/),
      expect.stringMatching(/^\S+Z\t\S+\tINFO\ta b$/),
      '{"raw":1}',
      'second',
      expect.stringMatching(/\tERROR\tbad\nworse$/),
      expect.stringMatching(/^END RequestId/),
      expect.stringMatching(/^REPORT RequestId: .*Duration: .*Memory Size: 128 MB/),
    ]);
  });

  it('writes to the log group that the template names', async () => {
    await make('index.mjs', "export const handler = async () => console.log('here');", {
      LoggingConfig: { LogGroup: '/mine', LogFormat: 'JSON' },
    });
    await invoke();
    await vi.waitFor(async () => expect(await lines('/mine')).toHaveLength(3));
    expect(JSON.parse((await lines('/mine'))[1] ?? '')).toMatchObject({ level: 'INFO', message: 'here' });
  });

  it('runs a burst on few workers, one invocation at a time in each', async () => {
    const source = `let busy = false; const id = Math.random(); export const handler = async () => {
      if (busy) throw new Error('two at once'); busy = true;
      await new Promise((resolve) => setTimeout(resolve, 5)); busy = false; return id; };`;
    await make('index.mjs', source);
    const answers = await Promise.all(Array.from({ length: 20 }, () => invoke()));
    expect(answers.filter(({ error }) => error)).toEqual([]);
    expect(new Set(answers.map(({ payload }) => payload)).size).toBeLessThanOrEqual(4);
  });

  it('refuses a payload of more than 6 MB and one that is not JSON', async () => {
    await make('index.mjs', 'export const handler = async () => 1;');
    const send = (Payload: string) => cloud.request('lambda', 'Invoke', { FunctionName: 'f', Payload });
    await expect(send(`"${'x'.repeat(6 * 1024 * 1024)}"`)).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(send('{a')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  });

  it('fails an answer of more than 6 MB', async () => {
    await make('index.mjs', "export const handler = async () => 'x'.repeat(7e6);");
    expect(await invoke()).toMatchObject({ payload: { errorType: 'Function.ResponseSizeTooLarge' } });
  });

  it.each([
    'f',
    'function:f',
    '000000000000:function:f',
    'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST',
  ])('finds the function by %s', async (FunctionName) => {
    await make('index.mjs', 'export const handler = async () => 1;');
    expect(await cloud.request('lambda', 'GetFunctionConfiguration', { FunctionName })).toMatchObject({
      FunctionName: 'f',
      Timeout: 30,
    });
  });

  it('has no version of a function but the latest', async () => {
    await make('index.mjs', 'export const handler = async () => 1;');
    const get = (Qualifier: string) =>
      cloud.request('lambda', 'GetFunctionConfiguration', { FunctionName: 'f', Qualifier });
    expect(await get('$LATEST')).toMatchObject({ FunctionName: 'f' });
    await expect(get('1')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(makeResource(lambda, 'AWS::Lambda::Version', { FunctionName: 'f' })).rejects.toThrow();
  });

  it.each(['PrincipalOrgID', 'FunctionUrlAuthType', 'EventSourceToken'])(
    'refuses a permission with %s, which would let in more than it says',
    async (name) => {
      await make('index.mjs', 'export const handler = async () => 1;');
      const permission = { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: '*', [name]: 'x' };
      await expect(makeResource(lambda, 'AWS::Lambda::Permission', permission)).rejects.toThrow(name);
    },
  );

  it('names a function that is not there', async () => {
    await expect(cloud.request('lambda', 'Invoke', { FunctionName: 'none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
      message: expect.stringContaining('none'),
    });
  });

  it.each([
    [{ Environment: { Variables: { AWS_REGION: 'x', OWN: 'y' } } }, 'Lambda itself sets AWS_REGION:'],
    [{ Environment: { Variables: { 'A-B': 'x' } } }, 'A-B'],
    [{ Environment: { Variables: { _OWN: 'x' } } }, '_OWN'],
    [{ Handler: `index.${'h'.repeat(123)}` }, 'Handler'],
    [{ Description: 'd'.repeat(257) }, 'Description'],
    [{ Handler: 'other.handler' }, 'none of other.js, other.mjs, other.cjs'],
    [{ Handler: '' }, 'the handler "" of the function f'],
    [{ Runtime: 'nodejs14.x' }, 'the runtime nodejs14.x'],
    [{ Runtime: 'nodejs99.x' }, 'the runtime nodejs99.x'],
    [{ MemorySize: 20_000 }, 'MemorySize'],
    [{ FunctionName: 'a b' }, 'FunctionName'],
  ])('refuses at deployment what AWS would: %j', async (properties, message) => {
    await expect(make('index.mjs', '', properties)).rejects.toThrow(message);
  });

  it('takes an environment of 4 KB, its braces and quotes counted, and no larger one', async () => {
    const sized = (size: number) => ({ Environment: { Variables: { LONG: 'x'.repeat(size - 11) } } });
    await make('index.mjs', '', sized(4096));
    await expect(make('index.mjs', '', sized(4097))).rejects.toThrow('has 4097 bytes as JSON');
  });

  it('refuses a member of a request that it does not carry out', async () => {
    await make('index.mjs', '');
    const request = (operation: string, input: object) =>
      cloud.request('lambda', operation, { FunctionName: 'f', ...input });
    for (const [operation, input, name] of [
      ['Invoke', { LogType: 'Tail' }, 'LogType'],
      ['Invoke', { Unheard: 1 }, 'Unheard'],
      ['GetFunction', { Unheard: 1 }, 'Unheard'],
    ] as const)
      await expect(request(operation, input)).rejects.toMatchObject({
        code: 'UnsupportedOperation',
        message: expect.stringContaining(name),
      });
  });

  it.each([
    [{ Runtime: 'python3.13' }, 'the runtime "python3.13"'],
    [{ Layers: ['arn'] }, 'the layers of the function f'],
    [{ PackageType: 'Image' }, 'the container image'],
  ])('refuses at deployment what it cannot run: %j', async (properties, message) => {
    await expect(make('index.mjs', '', properties)).rejects.toThrow(message);
  });
});
