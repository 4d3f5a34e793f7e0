import type { NamedRule } from '../../events/rule.ts';
import type { Connection } from '../connection/connection.ts';
import { type GitHost, gitHosts } from '../hosts/hosts.ts';
import { checkAuthority } from './authority.ts';
import { checkRunFindings } from './check-runs.ts';
import { checkDoor, checkPing } from './door.ts';
import { checkDeployedRules, checkTemplate } from './drift.ts';
import { type Finding, findingOf, notChecked, ok } from './finding.ts';
import { checkHost } from './git-host.ts';
import { checkPipelines } from './pipelines.ts';
import { checkDeadQueue, checkOverflowQueue, checkUnrecordedQueue } from './queues.ts';
import { checkQuota, QUOTAS } from './quotas.ts';
import { requestFindings } from './requests.ts';
import { secretFindings } from './secrets.ts';
import { checkSenders } from './senders.ts';
import { checkAlarms, checkCaller, checkFailures } from './stack.ts';

export type { Finding, Result } from './finding.ts';

/** What the checks compare a deployment with, and what they may do. */
export interface CheckOptions {
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  /** whether a ping may be delivered through the door */
  readonly ping: boolean;
  /** the template of its stack as it is made of the sources here, undefined when they make none */
  readonly template: () => Promise<string | undefined>;
  /** the rules as the files here say */
  readonly rules: () => readonly NamedRule[];
}

/** Checks every part of a deployment. The checks run together, and their findings come in this order. */
export function checkDeployment(
  connection: Connection,
  options: CheckOptions,
): Promise<readonly Finding[]>[] {
  const one = async (...given: Parameters<typeof findingOf>): Promise<Finding[]> => [
    await findingOf(...given),
  ];
  return [
    one('stack', () => ok(`${connection.outputs.stackName} has every output`)),
    one('caller', () => checkCaller(connection)),
    one('template', async () => checkTemplate(connection, await options.template(), deployAdvice(options))),
    one('rules', () => checkDeployedRules(connection, options.rules(), deployAdvice(options))),
    one('pipelines', () => checkPipelines(connection)),
    hostFindings(connection),
    requestFindings(connection),
    checkRunFindings(connection),
    one('door', () => checkDoor(connection)),
    one('ping', async () =>
      options.ping
        ? checkPing(connection, await gitHosts(connection))
        : notChecked('a ping is a delivery of its own: send one with --ping'),
    ),
    one('senders', async () =>
      checkSenders(connection, await gitHosts(connection), await options.template()),
    ),
    ...QUOTAS.map((quota) => one(quota.name, () => checkQuota(connection, quota, options))),
    one('dead queue', () => checkDeadQueue(connection)),
    one('overflow queue', () => checkOverflowQueue(connection)),
    one('unrecorded queue', () => checkUnrecordedQueue(connection)),
    one('deliveries', () => checkFailures(connection)),
    one('alarms', () => checkAlarms(connection, options.local)),
  ];
}

/** Checks the secrets of each git host, and the host itself. */
async function hostFindings(connection: Connection): Promise<Finding[]> {
  let hosts: readonly GitHost[] = [];
  const configured = await findingOf('git hosts', async () => {
    hosts = await gitHosts(connection);
    return ok(hosts.map(({ name }) => name).join(', '));
  });
  const found = await Promise.all(
    hosts.map(async (host) => [
      ...(await secretFindings(connection, host)),
      ...(await authorityFindings(host)),
      await findingOf(`${host.name}: API`, () => checkHost(connection, host)),
    ]),
  );
  return [configured, ...found.flat()];
}

const authorityFindings = async ({ name, ca }: GitHost): Promise<Finding[]> =>
  ca === undefined ? [] : [await findingOf(`${name}: authority`, () => checkAuthority(name, ca))];

const deployAdvice = ({ local }: CheckOptions): string =>
  local
    ? 'stop "hookline up" and start it again: it takes what is here'
    : 'deploy what is here with "npx cdk deploy", or check out what is deployed';
