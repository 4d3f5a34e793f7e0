import { describe, expect, it } from 'vitest';
import { hostSettingsSchema, hostsSchema } from '../../events/hosts.ts';

const at = (url: string, more: object = {}) => ({ h: { provider: 'github', url, ...more } });

describe('a host of the deployment', () => {
  it('has every address, without a slash at its end', () => {
    expect(hostsSchema.parse(at('https://git.example.com/base/')).h).toEqual({
      provider: 'github',
      url: 'https://git.example.com/base',
      api: 'https://git.example.com/base/api/v3',
      clone: 'https',
      ssh: 'ssh://git@git.example.com',
    });
    const told = { api: 'https://api.example.com/', ssh: 'ssh://git@ssh.example.com:2222/', clone: 'ssh' };
    expect(hostsSchema.parse(at('https://git.example.com', told)).h).toMatchObject({
      api: 'https://api.example.com',
      ssh: 'ssh://git@ssh.example.com:2222',
      clone: 'ssh',
    });
    const byHttps = at('https://git.example.com', { clone: 'https' });
    expect(hostsSchema.parse(byHttps).h?.clone).toBe('https');
  });

  it('may have the certificates of its authority, which are not empty', () => {
    const withCa = (ca: string) => hostsSchema.safeParse(at('https://git.example.com', { ca })).data?.h?.ca;
    expect(['-----BEGIN CERTIFICATE-----', ''].map(withCa)).toEqual([
      '-----BEGIN CERTIFICATE-----',
      undefined,
    ]);
  });

  it('has its API beside it when it is a tenant of ghe.com', () => {
    expect(hostsSchema.parse(at('https://acme.ghe.com/')).h?.api).toBe('https://api.acme.ghe.com');
  });

  it.each(['http://localhost:4580', 'http://127.0.0.1:4580', 'http://127.10.20.255', 'http://[::1]:4580'])(
    'may be plain HTTP on this machine, which cdk.json does not take: %s',
    (url) => {
      expect(hostsSchema.parse(at(url)).h?.url).toBe(url);
      expect(hostSettingsSchema.safeParse(at(url)).error?.issues[0]?.message).toBe(
        'expected an address that begins with https://',
      );
    },
  );

  it.each([
    ['http://git.example.com', 'https://, or with http:// on a loopback host'],
    ['http://git.127.0.0.1.example.com', 'https://, or with http:// on a loopback host'],
    ['http://localhost.example.com', 'https://, or with http:// on a loopback host'],
    ['ftp://localhost', 'https://, or with http:// on a loopback host'],
    ['http://127.0.0.1.example.com', 'https://, or with http:// on a loopback host'],
    ['git.example.com', 'https://, or with http:// on a loopback host'],
    ['https://user:secret@git.example.com', 'without user, password'],
    ['https://git.example.com/?token=secret', 'without user, password, query'],
    ['https://git.example.com/#part', 'query and fragment; credentials go into the secret'],
  ])('is refused at %s', (url, message) => {
    const { error } = hostsSchema.safeParse(at(url));
    expect(error?.issues).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })]);
    expect(error?.message).not.toContain('secret@');
  });

  it.each([
    ['https://git@git.example.com', 'ssh://git@git.example.com'],
    ['ssh://git:secret@git.example.com', 'without password'],
    ['ssh://git@git.example.com?a', 'query'],
    ['ssh://git@git.example.com#a', 'fragment'],
  ])('is not cloned from %s', (ssh, message) => {
    const { error } = hostsSchema.safeParse(at('https://git.example.com', { ssh }));
    expect(error?.issues).toEqual([
      expect.objectContaining({ path: ['h', 'ssh'], message: expect.stringContaining(message) }),
    ]);
  });

  it('is cloned from a port and a folder too', () => {
    const ssh = 'ssh://git@git.example.com:7999/scm';
    expect(hostsSchema.parse(at('https://git.example.com', { ssh })).h?.ssh).toBe(ssh);
  });

  it('may have a member of another release, which in cdk.json is a slip of the pen', () => {
    const host = at('https://github.com', { later: 1 });
    expect(hostsSchema.parse(host).h).not.toHaveProperty('later');
    expect(hostSettingsSchema.safeParse(host).success).toBe(false);
  });
});
