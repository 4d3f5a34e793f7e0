import type { Provider } from '../../provider.ts';
import { headCommit } from './head-commit.ts';

const usualHost = { name: 'github.com', url: 'https://github.com' };

/** github.com, the tenants of ghe.com, and every GitHub Enterprise Server. */
export const github = {
  name: 'github',
  title: 'GitHub',
  usualHost,
  door: {
    headers: {
      event: 'X-GitHub-Event',
      delivery: 'X-GitHub-Delivery',
      signature: 'X-Hub-Signature-256',
      host: 'X-GitHub-Enterprise-Host',
    },
    patterns: {
      event: '[a-z0-9_]{1,100}',
      delivery: '[A-Za-z0-9_-]{1,100}',
      signature: 'sha256=[0-9a-fA-F]{64}',
      host: '[A-Za-z0-9._:-]{1,253}',
    },
    summary: { repository: '$.repository.full_name', ref: '$.ref' },
    // GitHub Enterprise Cloud with data residency: acme is at acme.ghe.com.
    tenant: { header: 'X-GitHub-Tenant', domain: '.ghe.com' },
  },
  apiOf: (url) => {
    const { host } = new URL(url);
    return url === usualHost.url || host.endsWith('.ghe.com') ? `https://api.${host}` : `${url}/api/v3`;
  },
  sshOf: (url) => `ssh://git@${new URL(url).hostname}`,
  pagesOf: (repository) => ({
    commit: (id) => `${repository}/commit/${id}`,
    request: (number) => `${repository}/pull/${number}`,
    tree: (name) => `${repository}/tree/${name.split('/').map(encodeURIComponent).join('/')}`,
    compare: (before, after) => `${repository}/compare/${before}...${after}`,
  }),
  headCommit,
} as const satisfies Provider;
