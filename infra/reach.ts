import { isMatch } from '../events/event-pattern.ts';
import type { Match } from '../events/match.ts';
import type { NamedRule } from '../events/rule.ts';
import type { Settings } from './settings.ts';

/**
 * Refuses a rule that pulls, on Lambda compute, from a host that only the VPC reaches: each such pull would fail.
 * @throws with a line for each rule and host
 */
export function checkReach(rules: readonly NamedRule[], { hosts }: Settings): void {
  const inVpc = Object.keys(hosts).filter((host) => hosts[host]?.vpc);
  const problems = rules
    .filter(({ pull }) => pull.compute === 'lambda')
    .flatMap((rule) => inVpc.filter((host) => mayTake(rule.match, host)).map((host) => problem(rule, host)));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Whether a match takes deliveries of a host, as far as the match speaks of hosts. */
function mayTake({ host, $or }: Match, name: string): boolean {
  if (host !== undefined && !isMatch({ host }, { host: name })) return false;
  return $or === undefined || $or.some((each) => mayTake(each, name));
}

const problem = ({ name }: NamedRule, host: string): string =>
  `the rule ${name} takes deliveries of ${host}, which only the VPC reaches, and pulls on CodeBuild's Lambda compute, which runs in no VPC: write pull: { compute: ec2 } in the rule, or name its hosts without ${host} in match.host`;
