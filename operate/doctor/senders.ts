import { BlockList, isIPv6 } from 'node:net';
import * as z from 'zod';
import { administrations } from '../../events/providers/administrations.ts';
import type { Connection } from '../connection/connection.ts';
import type { GitHost } from '../hosts/hosts.ts';
import { secretsOf } from '../hosts/secrets.ts';
import { type CheckResult, failed, notChecked, ok } from './finding.ts';

/**
 * Holds the addresses that the door lets in (`allowFrom`) against those that the hosts say they send from.
 * @param template as `cdk synth` makes it; the check of the template tells whether it is deployed
 */
export async function checkSenders(
  connection: Connection,
  hosts: readonly GitHost[],
  template: string | undefined,
): Promise<CheckResult> {
  if (template === undefined) return notChecked('the template is not known');
  const allowed = allowedRanges(template);
  if (allowed.length === 0) return ok('the door lets every address in');
  const published = await Promise.all(hosts.map((host) => sendersOf(connection, host)));
  const shut = published.flat().filter((range) => !isCovered(range, allowed));
  if (shut.length > 0)
    return failed(
      `the door turns away webhooks from ${shut.join(', ')}, which a host sends from`,
      'add these ranges to allowFrom in cdk.json, and deploy',
    );
  const silent = hosts.filter((_, index) => published[index]?.length === 0).map(({ name }) => name);
  const unknown = silent.length > 0 ? `; ${silent.join(', ')} does not say where it sends from` : '';
  return ok(`the door lets in ${allowed.length} ranges, with all that the hosts publish${unknown}`);
}

async function sendersOf(connection: Connection, gitHost: GitHost): Promise<readonly string[]> {
  const { name, api, provider, ca } = gitHost;
  const { token = '' } = await secretsOf(connection, gitHost);
  // Whether the host answers at all is another check's question.
  return administrations[provider].senders({ host: name, url: api, token, ca }).catch(() => []);
}

const statementSchema = z.looseObject({
  Effect: z.string(),
  Condition: z
    .looseObject({ NotIpAddress: z.looseObject({ 'aws:SourceIp': z.array(z.string()) }) })
    .optional(),
});
const doorSchema = z.looseObject({
  Type: z.literal('AWS::ApiGateway::RestApi'),
  Properties: z.looseObject({ Policy: z.looseObject({ Statement: z.array(statementSchema) }) }),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

/** The ranges of the door's resource policy, none when it has no such policy. */
function allowedRanges(template: string): readonly string[] {
  const { Resources } = templateSchema.parse(JSON.parse(template));
  const doors = Object.values(Resources).flatMap((resource) => doorSchema.safeParse(resource).data ?? []);
  const statements = doors.flatMap(({ Properties }) => Properties.Policy.Statement);
  return statements.flatMap(({ Effect, Condition }) =>
    Effect === 'Deny' ? (Condition?.NotIpAddress['aws:SourceIp'] ?? []) : [],
  );
}

/** Whether one of the allowed ranges holds the whole of a range. */
export function isCovered(range: string, allowed: readonly string[]): boolean {
  const { network, prefix, family } = partsOf(range);
  const wider = new BlockList();
  for (const other of allowed.map(partsOf))
    if (other.family === family && other.prefix <= prefix)
      wider.addSubnet(other.network, other.prefix, family);
  return wider.check(network, family);
}

function partsOf(range: string): { network: string; prefix: number; family: 'ipv4' | 'ipv6' } {
  const [network = '', prefix] = range.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  return { network, prefix: Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family };
}
