import { asksForChecks } from '../../events/check-runs.ts';
import { matchSchema } from '../../events/match.ts';
import { mayTake } from '../../events/rule-hosts.ts';
import type { Connection } from '../connection/connection.ts';
import { appOf } from '../hosts/apps.ts';
import { gitHosts } from '../hosts/hosts.ts';
import { type DeployedRule, listRules } from '../rules/index.ts';
import { routeOptionsOf } from '../rules/route-options.ts';
import { type CheckResult, type Finding, findingOf, ok, warning } from './finding.ts';

/** Whether the hosts of each rule that asks for check runs have an App. Rules that cannot be read are a finding of their own. */
export async function checkRunFindings(connection: Connection): Promise<Finding[]> {
  const rules = await listRules(connection).catch(() => []);
  const asking = await Promise.all(
    rules.map(async (rule) => {
      const options = await routeOptionsOf(connection, rule).catch(() => undefined);
      return options && asksForChecks(options) ? [rule] : [];
    }),
  );
  return Promise.all(
    asking
      .flat()
      .map((rule) => findingOf(`rule ${rule.name}: check runs`, () => checkRule(connection, rule))),
  );
}

async function checkRule(connection: Connection, { match }: DeployedRule): Promise<CheckResult> {
  const { data } = matchSchema.safeParse(match);
  const taken = (await gitHosts(connection)).filter(({ name }) => !data || mayTake(data, name));
  const apps = await Promise.all(taken.map((host) => appOf(connection, host)));
  const without = taken.filter((_, at) => apps[at] === undefined).map(({ name }) => name);
  if (without.length === 0) return ok(`an App of ${taken.map(({ name }) => name).join(', ')} writes them`);
  return warning(
    `${without.join(', ')} has no App: the rule's commits there get no check run`,
    'set one with "hookline secret set HOST app", as docs/github-app.md says, or name the other hosts in match.host',
  );
}
