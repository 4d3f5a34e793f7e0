import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authority, host } from '../../support/certificates/certificates.ts';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';
import { readZip } from '../../support/zip.ts';

/** A proxy that leads to one port of this machine, whatever name it is asked for. */
async function startProxy(to: number): Promise<Server> {
  const proxy = createServer();
  proxy.on('connect', (_request, client) => {
    const server = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}

describe('LFS at a host whose certificate a private authority has signed', () => {
  let bench: Bench;
  let proxy: Server;
  let commit: string;
  beforeAll(async () => {
    bench = await openBench(host);
    // An address of LFS content is good without a token.
    bench.host.intercept = ({ url = '' }, response) => {
      const content = /^\/lfs\/(\w+)$/.exec(url)?.[1];
      if (content) response.end(bench.host.lfs.get(content));
      return content !== undefined;
    };
    proxy = await startProxy(Number(new URL(bench.host.url).port));
    commit = await bench.app.commit({
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'a.bin': bench.host.addLfs('large content'),
    });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(async () => {
    proxy?.close();
    await bench?.close();
  });

  const pull = (content: string, git = false) => {
    bench.aws.hosts = { git: { provider: 'github', url: 'https://git.test', ca: authority } };
    bench.aws.objects.clear();
    bench.host.lfsUrl = content;
    const { port } = proxy.address() as AddressInfo;
    return bench.run({ commit, pull: { lfs: true, git } }, { https_proxy: `http://127.0.0.1:${port}` });
  };

  it.each([
    ['the host', 'https://git.test', false],
    ['the host', 'https://git.test', true],
    ['its subdomain', 'https://media.git.test', false],
  ])('is in the artifact, the content from %s', async (_title, content, git) => {
    const run = await pull(content, git);
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const found = await readZip(bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0));
    expect(found.get('a.bin')?.body.toString()).toBe('large content');
  });

  it('fails by the certificate, and not by the object, where another host has the content', async () => {
    const run = await pull('https://elsewhere.test');
    expect(run.output).toContain('HostUntrusted: ');
    expect(run.output).toContain('https://elsewhere.test/lfs/');
    expect(run.output).not.toContain('LfsObjectMissing');
  });
});
