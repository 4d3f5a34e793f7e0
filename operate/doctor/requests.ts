import { administrations } from '../../events/providers/administrations.ts';
import { appTokens } from '../../events/providers/app-tokens.ts';
import { HostRefused } from '../../events/request-reader.ts';
import type { Connection } from '../connection/connection.ts';
import { deliveryPages } from '../deliveries/index.ts';
import { appOf } from '../hosts/apps.ts';
import { type GitHost, gitHosts } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import { type DeployedRule, listRules } from '../rules/index.ts';
import { routeOptionsOf } from '../rules/route-options.ts';
import { valuesNamed } from '../rules/values-named.ts';
import { type CheckResult, type Finding, findingOf, notChecked } from './finding.ts';

/**
 * Whether the token may read what rules for pull requests ask the host: a finding for each rule that asks anything. Hosts and
 * rules that cannot be read are findings of their own.
 */
export async function requestFindings(connection: Connection): Promise<Finding[]> {
  const hosts = await gitHosts(connection).catch(() => []);
  const rules = await listRules(connection).catch(() => []);
  return (await Promise.all(rules.map((rule) => findingsOf(connection, hosts, rule)))).flat();
}

async function findingsOf(
  connection: Connection,
  hosts: readonly GitHost[],
  { name, match }: DeployedRule,
): Promise<Finding[]> {
  const title = `rule ${name}: pull requests`;
  try {
    const option = (await routeOptionsOf(connection, { name }))?.['pull-request'];
    const approvals = option?.forks === 'approved';
    if (!approvals && option?.of !== 'merge') return [];
    return [await findingOf(title, () => checkRule(connection, hosts, { name, match, approvals }))];
  } catch (error) {
    return [await findingOf(title, () => Promise.reject(error))];
  }
}

interface AskingRule {
  readonly name: string;
  readonly match: Record<string, unknown>;
  /** whether it asks who may write */
  readonly approvals: boolean;
}

async function checkRule(
  connection: Connection,
  hosts: readonly GitHost[],
  rule: AskingRule,
): Promise<CheckResult> {
  const { repository, host: name } = await subjectOf(connection, rule);
  if (repository === undefined)
    return notChecked('no repository is known that the rule takes; it is tried once a delivery came');
  const credentials = await Promise.all(
    hosts.map(async (host) => ({ host, token: await tokenOf(connection, host, repository) })),
  );
  const asked = credentials.filter(({ host, token }) =>
    name === undefined ? token !== '' : host.name === name,
  );
  const [one, ...others] = asked;
  if (!one || others.length > 0)
    return notChecked(
      name === undefined
        ? `it is not known of which host ${repository} is; it is tried once a delivery came`
        : `the host ${name} is not configured`,
    );
  const { host, token } = one;
  const api = { host: host.name, url: host.api, token, ca: host.ca };
  return administrations[host.provider].checkRequestAccess(api, repository, rule);
}

/** `''` for a host without a token, and for one whose App is not installed for the repository. */
async function tokenOf(connection: Connection, host: GitHost, repository: string): Promise<string> {
  const app = await appOf(connection, host);
  if (!app) return (await secretsOf(connection, host)).token ?? '';
  const { name, api: url, ca, provider } = host;
  const wanted = { repository, use: 'requests' } as const;
  const minted = await appTokens[provider].mint({ host: name, url, ca }, app, wanted).catch(absent);
  return minted?.token ?? '';
}

function absent(error: unknown): undefined {
  if (!(error instanceof HostRefused)) throw error;
}

/** A repository that the rule takes: of its newest delivery, or the first that its match names. */
async function subjectOf(
  connection: Connection,
  { name, match }: AskingRule,
): Promise<{ readonly repository?: string | undefined; readonly host?: string | undefined }> {
  const since = new Date(Date.now() - SEEN_MS).toISOString();
  for await (const page of deliveryPages(connection, { filter: { rule: name }, since, limit: 20 })) {
    const row = page.find(({ repository }) => repository !== '');
    if (row) return { repository: row.repository, host: row.host };
    break;
  }
  const [repository] = valuesNamed(match, ['payload', 'repository', 'full_name']);
  const [host] = valuesNamed(match, ['host']);
  return { repository, host };
}

const SEEN_MS = 14 * 86_400_000;
