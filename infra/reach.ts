import type { NamedRule } from '../events/rule.ts';
import { mayTake } from '../events/rule-hosts.ts';
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

const problem = ({ name }: NamedRule, host: string): string =>
  `the rule ${name} takes deliveries of ${host}, which only the VPC reaches, and pulls on CodeBuild's Lambda compute, which runs in no VPC: write pull: { compute: ec2 } in the rule, or name its hosts without ${host} in match.host`;
