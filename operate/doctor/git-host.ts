import type { TokenUse } from '../../events/app.ts';
import { asksForChecks } from '../../events/check-runs.ts';
import { administrations } from '../../events/providers/administrations.ts';
import type { Connection } from '../connection/connection.ts';
import { deliveryPages } from '../deliveries/index.ts';
import { appOf } from '../hosts/apps.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import { listRules } from '../rules/index.ts';
import { type ExplainedOptions, routeOptionsOf } from '../rules/route-options.ts';
import type { CheckResult } from './finding.ts';

/** Checks that the host's REST API answers and takes the token, or the App. */
export async function checkHost(connection: Connection, gitHost: GitHost): Promise<CheckResult> {
  const { name, api, provider, ca } = gitHost;
  const address = { host: name, url: api, ca };
  const app = await appOf(connection, gitHost);
  if (app)
    return administrations[provider].checkApp(address, app, {
      repository: await repositoryOf(connection, name),
      uses: await usesOf(connection),
    });
  const { token = '' } = await secretsOf(connection, gitHost);
  return administrations[provider].checkToken({ ...address, token });
}

const SEEN_MS = 14 * 86_400_000;

/** A repository of the host that one of the newest deliveries was of. */
async function repositoryOf(connection: Connection, host: string): Promise<string | undefined> {
  const since = new Date(Date.now() - SEEN_MS).toISOString();
  for await (const page of deliveryPages(connection, { filter: {}, since, limit: 100 }))
    return page.find((row) => row.host === host && row.repository !== '')?.repository;
  return undefined;
}

/** What the rules have an App do. */
async function usesOf(connection: Connection): Promise<TokenUse[]> {
  const rules = await listRules(connection);
  const options = await Promise.all(rules.map((rule) => routeOptionsOf(connection, rule)));
  return [...new Set(['read' as const, ...options.flatMap((each) => (each ? usesOfRule(each) : []))])];
}

function usesOfRule({ status, 'pull-request': request }: ExplainedOptions): TokenUse[] {
  const asks = request?.forks === 'approved' || request?.of === 'merge';
  const writes = asksForChecks({ status }) ? 'checks' : 'statuses';
  return [...(status ? ([writes] as const) : []), ...(asks ? (['requests'] as const) : [])];
}
