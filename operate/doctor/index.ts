import type { NamedRule } from '../../events/rule-file.ts';
import type { Connection } from '../connection/connection.ts';
import { type GitHost, gitHosts } from '../hosts/hosts.ts';
import { doorSeen, pingSeen } from './door.ts';
import { rulesSeen, templateSeen } from './drift.ts';
import { type Finding, look, notChecked, ok } from './finding.ts';
import { hostSeen } from './git-host.ts';
import { deadQueueSeen, overflowSeen } from './queues.ts';
import { secretFindings } from './secrets.ts';
import { alarmsSeen, callerSeen, failuresSeen } from './stack.ts';

export type { Finding, Result } from './finding.ts';

/** What a deployment is compared with, and how. */
export interface Examination {
  /** whether it runs on this machine */
  readonly local: boolean;
  /** whether a ping may be delivered through the door */
  readonly ping: boolean;
  /** the template of its stack as it is made of the sources here, undefined when they make none */
  readonly template: () => Promise<string | undefined>;
  /** the rules as the files here say */
  readonly rules: () => readonly NamedRule[];
}

/** Looks at every part of a deployment; the looks go on together, and their findings come in their order. */
export function examine(connection: Connection, options: Examination): Promise<readonly Finding[]>[] {
  const one = async (...given: Parameters<typeof look>): Promise<Finding[]> => [await look(...given)];
  return [
    one('stack', () => ok(`${connection.outputs.stackName} has every output`)),
    one('caller', () => callerSeen(connection)),
    one('template', async () => templateSeen(connection, await options.template(), deployAdvice(options))),
    one('rules', () => rulesSeen(connection, options.rules(), deployAdvice(options))),
    hostFindings(connection),
    one('door', () => doorSeen(connection)),
    one('ping', async () =>
      options.ping
        ? pingSeen(connection, await gitHosts(connection))
        : notChecked('a ping is a delivery of its own: send one with --ping'),
    ),
    one('dead queue', () => deadQueueSeen(connection)),
    one('overflow queue', () => overflowSeen(connection)),
    one('deliveries', () => failuresSeen(connection)),
    one('alarms', () => alarmsSeen(connection, options.local)),
  ];
}

/** Looks at what each git host needs, and at the host itself. */
async function hostFindings(connection: Connection): Promise<Finding[]> {
  let hosts: readonly GitHost[] = [];
  const configured = await look('git hosts', async () => {
    hosts = await gitHosts(connection);
    return ok(hosts.map(({ name }) => name).join(', '));
  });
  const found = await Promise.all(
    hosts.map(async (host) => [
      ...(await secretFindings(connection, host)),
      await look(`${host.name}: API`, () => hostSeen(connection, host)),
    ]),
  );
  return [configured, ...found.flat()];
}

const deployAdvice = ({ local }: Examination): string =>
  local
    ? 'stop "hookline up" and start it again: it takes what is here'
    : 'deploy what is here with "npx cdk deploy", or check out what is deployed';
