import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpHandler } from '../../../../local/core/cloud.ts';
import '../../../../local/core/with-resolvers.ts';
import { apiGatewayService } from '../../../../local/services/api-gateway/index.ts';
import { fakeCloud, make, type Served, serve, temporaryFolder } from '../../../../local/testing.ts';

const folder = temporaryFolder();
const cloud = fakeCloud(folder.path);
const gateway = cloud.add(apiGatewayService(cloud));
let served: Served;
let api: string;
/** resolves when the door has looked at a request and waits for its body */
let reading: PromiseWithResolvers<void>;

beforeAll(async () => {
  const { ref, attributes } = await make(gateway, 'AWS::ApiGateway::RestApi');
  api = ref;
  const ofApi = { RestApiId: ref };
  await make(gateway, 'AWS::ApiGateway::Method', {
    ...ofApi,
    ResourceId: attributes?.RootResourceId,
    HttpMethod: 'POST',
    Integration: {
      Type: 'AWS',
      Uri: 'arn:aws:apigateway:us-east-1:events:action/PutEvents',
      IntegrationHttpMethod: 'POST',
    },
  });
  const stage = { ...ofApi, DeploymentId: 'd' };
  await make(gateway, 'AWS::ApiGateway::Stage', { ...stage, StageName: 'open' });
  const none = { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 };
  await make(gateway, 'AWS::ApiGateway::Stage', { ...stage, StageName: 'shut', MethodSettings: [none] });
  const [prefix = '', handle] = Object.entries(gateway.mounts ?? {})[0] ?? [];
  const watched: HttpHandler = (request, reply, call) => {
    const answer = handle?.(request, reply, call);
    reading.resolve();
    return answer as Promise<unknown>;
  };
  served = await serve([{ ...gateway, mounts: { [prefix]: watched } }]);
});
let socket: Socket;
beforeEach(() => {
  reading = Promise.withResolvers();
  socket = connect(Number(new URL(served.endpoint).port), '127.0.0.1').setEncoding('utf8');
});
afterEach(() => {
  vi.useRealTimers();
  socket.destroy();
});
afterAll(async () => {
  await served.close();
  await cloud.close();
  folder.remove();
});

const SIZE = 9_000_000;
const half = Buffer.alloc(SIZE / 2, ' ');

/** Sends half of a body to a path of the API. */
function begin(path: string): void {
  socket.write(
    `POST /execute-api/${api}/${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${SIZE}\r\n\r\n`,
  );
  socket.write(half);
}

const status = async (): Promise<string> => {
  const [answer] = await once(socket, 'data');
  return String(answer).slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
};

/** Sends the other half, and asks for something else. @returns the status of that */
function askNext(): Promise<string> {
  socket.write(half);
  socket.write(`GET /execute-api/${api}/none HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return status();
}

describe('whoever is sending a body still', () => {
  it.each([
    ['to no stage', 'none/', '403'],
    ['to no method', 'open/nothing', '403'],
    ['to a stage that is throttled', 'shut/', '429'],
  ])('%s is answered at once, and the connection goes on', async (_, path, expected) => {
    begin(path);
    expect(await status()).toBe(expected);
    expect(await askNext()).toBe('403');
  });

  it('after half a minute is answered 408, and the connection goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    begin('open/');
    await reading.promise;
    vi.advanceTimersByTime(30_000);
    expect(await status()).toBe('408');
    expect(await askNext()).toBe('403');
    vi.advanceTimersByTime(60_000);
    socket.write(`GET /execute-api/${api}/none HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(await status()).toBe('403');
  });

  it('after a whole one loses the connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    begin('open/');
    await reading.promise;
    vi.advanceTimersByTime(30_000);
    expect(await status()).toBe('408');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // What is under way still meets no reader.
    socket.on('error', () => undefined);
    vi.advanceTimersByTime(30_000);
    await closed;
  });
});
