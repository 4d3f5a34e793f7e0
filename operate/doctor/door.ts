import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { administrations } from '../../events/providers/administrations.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type BusEvent, eventOfPayload } from '../deliveries/event.ts';
import { historyOf, stepsOf } from '../deliveries/history.ts';
import { doorOf } from '../hosts/hooks.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import { matchesDetail } from '../rules/explain.ts';
import { listRules } from '../rules/index.ts';
import { type CheckResult, failed, notChecked, ok } from './finding.ts';

const TIMEOUT_MS = 10_000;
// The machine answers a ping in a second or two, and EventBridge may take its time.
const PONG_MS = 60_000;
const POLL_MS = 250;
// The execution of the ping must be among so many of the newest.
const NEWEST_EXECUTIONS = 50;

/** Checks that the door answers: it refuses a request without a webhook's headers, which leaves no trace. */
export async function checkDoor({ outputs }: Connection): Promise<CheckResult> {
  const { webhookUrl } = outputs;
  const response = await post(webhookUrl, '{}', {});
  if (response instanceof Error)
    return failed(`${webhookUrl} cannot be reached: ${response.message}`, 'check the network, and the stack');
  if (response.status === 400) return ok(`${webhookUrl} answers, and turns away what is no webhook`);
  return failed(
    `${webhookUrl} answers ${response.status} to what is no webhook, instead of 400`,
    'deploy again; a proxy or a firewall in between would answer so too',
  );
}

/** Sends a signed ping through the door as a host does, which is a delivery, and waits for it to end in `Pong`. */
export async function checkPing(connection: Connection, hosts: readonly GitHost[]): Promise<CheckResult> {
  const secrets = await Promise.all(hosts.map((host) => secretsOf(connection, host)));
  const at = secrets.findIndex(({ webhook }) => webhook.length > 0);
  const [to, secret] = [hosts[at], secrets[at]?.webhook[0]];
  if (to === undefined || secret === undefined)
    return notChecked('no host has a webhook secret to sign it with');
  const { name: host, provider } = to;
  const deliveryId = randomUUID();
  const ping = administrations[provider].ping({ host, secret, deliveryId });
  const event = eventOfPayload(ping.event, ping.payload, host, provider);
  if (!(await isTaken(connection, event))) return notChecked('no rule takes a ping, so that none would run');
  const response = await post(doorOf(connection, provider), ping.body, ping.headers);
  if (response instanceof Error) return failed(response.message, 'check the network');
  if (response.status !== 202)
    return failed(`the door answers ${response.status}: ${await response.text()}`, 'see what it says');
  const outcome = await outcomeOf(connection, deliveryId);
  if (outcome === outcomes.pong)
    return ok(`a signed ping of ${host} ended in ${outcome} (delivery ${deliveryId})`);
  return failed(
    `the ping ${deliveryId} ${outcome === undefined ? `has not ended after ${PONG_MS / 1000} s` : `ended in ${outcome}`}`,
    `see "hookline deliveries show ${deliveryId}"`,
  );
}

async function isTaken(connection: Connection, event: BusEvent): Promise<boolean> {
  const rules = await listRules(connection);
  const taken = await Promise.all(rules.map(({ match }) => matchesDetail(connection, match, event)));
  return taken.includes(true);
}

const post = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | Error> =>
  fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => (error.cause instanceof Error ? error.cause : error));

/** The outcome of a delivery that no record is kept of; undefined when it has not ended in time. */
async function outcomeOf(connection: Connection, deliveryId: string): Promise<string | undefined> {
  for (const end = Date.now() + PONG_MS; Date.now() < end; await wait(POLL_MS)) {
    const { executions = [] } = await connection.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: connection.outputs.stateMachineArn,
        maxResults: NEWEST_EXECUTIONS,
      }),
    );
    for (const { executionArn = '', status } of executions) {
      if (status === 'RUNNING') continue;
      const { input } = await connection.sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input?.includes(deliveryId)) return stepsOf(await historyOf(connection, executionArn)).at(-1)?.name;
    }
  }
  return undefined;
}
