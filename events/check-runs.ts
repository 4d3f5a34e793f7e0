import type { Match } from './match.ts';
import type { RuleOptions } from './rule.ts';
import { mayTake } from './rule-hosts.ts';

/** Whether a rule asks for check runs, which only an App may write. */
export const asksForChecks = ({ status }: Pick<RuleOptions, 'status'>): boolean =>
  typeof status === 'object' && status.checks === true;

/**
 * Why a rule's check runs could never be written; undefined where a host may have an App that the rule takes.
 * @param hosts whether each may have one, by its name
 */
export function checksProblem(
  { match }: { readonly match: Match },
  hosts: Readonly<Record<string, { readonly app?: boolean | undefined }>>,
): string | undefined {
  const all = Object.entries(hosts);
  const taken = all.filter(([name]) => mayTake(match, name));
  // A rule for the built-in host alone takes none of the configured ones.
  const asked = taken.length > 0 ? taken : all;
  if (asked.some(([, { app }]) => app)) return undefined;
  const names = asked.map(([name]) => name).join(', ');
  return `a check run is written by a GitHub App alone, and the credential of ${names} may be none: say "app": true of the host in cdk.json, as docs/github-app.md tells, or write status: true, for a commit status that names the failed action`;
}
