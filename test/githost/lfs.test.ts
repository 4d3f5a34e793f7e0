import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningHost, startHost, TOKEN } from '../support/git-host.ts';

let host: RunningHost;
beforeEach(async () => {
  host = await startHost();
});
afterEach(() => host.remove());

const content = Buffer.from('what the pointer stands for');
const oid = createHash('sha256').update(content).digest('hex');
const call = async (method: string, path: string, body?: string | Buffer, token = TOKEN) => {
  const response = await fetch(`${host.url}/acme/app.git/info/lfs/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`ada:${token}`)}`, 'content-type': 'application/octet-stream' },
    ...(body === undefined ? {} : { body }),
  });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};
const batch = async (operation: string, objects: object[] = [{ oid, size: content.length }]) => {
  const { response, bytes } = await call('POST', 'objects/batch', JSON.stringify({ operation, objects }));
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: JSON.parse(String(bytes)),
  };
};

describe('LFS at the git host', () => {
  it('takes an object once, and gives it back', async () => {
    const asked = await batch('upload');
    const href = `${host.url}/acme/app.git/info/lfs/objects/${oid}`;
    expect(asked).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^application\/vnd\.git-lfs\+json/),
    });
    expect(asked.body.objects).toEqual([{ oid, size: content.length, actions: { upload: { href } } }]);
    expect((await call('PUT', `objects/${oid}`, content)).response.status).toBe(200);
    expect((await batch('upload')).body.objects).toEqual([{ oid, size: content.length }]);
    expect((await batch('download')).body.objects).toEqual([
      { oid, size: content.length, actions: { download: { href } } },
    ]);
    expect((await call('GET', `objects/${oid}`)).bytes).toEqual(content);
  });

  it('says of each object that it has not', async () => {
    await batch('upload');
    expect((await batch('download')).body.objects[0].error).toMatchObject({
      code: 404,
      message: expect.stringContaining(oid),
    });
    expect((await call('GET', `objects/${oid}`)).response.status).toBe(404);
  });

  it('keeps nothing whose content is another', async () => {
    await batch('upload');
    expect((await call('PUT', `objects/${oid}`, 'something else')).response.status).toBe(422);
    expect((await call('GET', `objects/${oid}`)).response.status).toBe(404);
  });

  it('has no repository before the first upload', async () => {
    const { status, body } = await batch('download');
    expect([status, body.message]).toEqual([404, expect.stringContaining('acme/app')]);
    expect((await call('PUT', `objects/${oid}`, content)).response.status).toBe(404);
  });

  it('asks for the token, and refuses what it does not serve', async () => {
    const { response } = await call('GET', `objects/${oid}`, undefined, 'wrong');
    expect([response.status, response.headers.get('lfs-authenticate')]).toEqual([401, expect.any(String)]);
    expect((await call('POST', 'locks/verify', '{}')).response.status).toBe(501);
    expect((await batch('upload', [{ oid: '../../x', size: 1 }])).status).toBe(422);
    expect((await batch('verify')).status).toBe(422);
  });
});
