import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
} from '@aws-sdk/client-service-quotas';
import type { NamedRule } from '../../events/rule.ts';
import type { Connection } from '../connection/connection.ts';
import { type CheckResult, failed, notChecked, ok, warning } from './finding.ts';

/** A quota of the account that every delivery counts against. */
export interface Quota {
  /** the name of the finding */
  readonly name: string;
  /** as Service Quotas calls the service and the quota */
  readonly service: string;
  readonly code: string;
  readonly title: string;
  /** below it, a burst of pushes waits */
  readonly enough: number;
  /** whether a rule needs it */
  readonly isUsed: (rule: NamedRule) => boolean;
}

// Codes as `aws service-quotas list-service-quotas` prints them; docs/deploy.md says how far each goes.
export const QUOTAS: readonly Quota[] = [
  {
    name: 'quota of builds, Lambda',
    service: 'codebuild',
    code: 'L-1DFDD5F9',
    title: 'Concurrently running builds for Linux Lambda/2GB environment',
    enough: 5,
    isUsed: ({ pull }) => pull.compute === 'lambda',
  },
  {
    name: 'quota of builds, EC2',
    service: 'codebuild',
    code: 'L-9D07B6EF',
    title: 'Concurrently running builds for Linux/Small environment',
    enough: 5,
    isUsed: ({ pull }) => pull.compute === 'ec2',
  },
  {
    name: 'quota of functions',
    service: 'lambda',
    code: 'L-B99A9384',
    title: 'Concurrent executions',
    // A new account has 10, for all of its functions together.
    enough: 50,
    isUsed: () => true,
  },
];

/** Whether the account may run what the rules need, and how much of it at once. */
export async function checkQuota(
  connection: Connection,
  quota: Quota,
  { local, rules }: { readonly local: boolean; readonly rules: () => readonly NamedRule[] },
): Promise<CheckResult> {
  if (local) return notChecked('this machine has no quotas');
  if (!rules().some(quota.isUsed)) return notChecked('no rule needs it');
  const { title, code, enough } = quota;
  const value = await quotaValue(connection, quota);
  const said = `"${title}" (${code}) is ${value}`;
  const advice = `raise it in Service Quotas; an answer takes up to a day or two`;
  if (value === 0) return failed(`${said}: every delivery that needs it fails`, advice);
  return value < enough ? warning(`${said}: a burst of pushes waits`, advice) : ok(said);
}

/** The account's own value, or AWS's default where nobody has changed it. */
async function quotaValue({ quotas }: Connection, { service, code }: Quota): Promise<number> {
  const input = { ServiceCode: service, QuotaCode: code };
  const { Quota: applied } = await quotas.send(new GetServiceQuotaCommand(input)).catch((error: unknown) => {
    if (error instanceof NoSuchResourceException)
      return quotas.send(new GetAWSDefaultServiceQuotaCommand(input));
    throw error;
  });
  return applied?.Value ?? 0;
}
