import type { Connection } from '../../operate/connection/connection.ts';
import { DATA_VARIABLE, DEFAULT_DATA, STACK_VARIABLE, withTarget } from '../target.ts';
import type { Candidate, ValueKind } from './candidates.ts';

// Nobody reads more deliveries at a prompt.
const MOST_DELIVERIES = 20;

// A shell may run what it completes, and anybody may send a delivery whose id is a command.
const HARMLESS = /^[\w.-]+$/;

/**
 * The values that only a deployment knows; none for an unreachable deployment, as an error would disturb somebody who
 * types.
 */
export async function deploymentValues(kind: ValueKind, target: Target): Promise<Candidate[]> {
  const data = target.data || process.env[DATA_VARIABLE] || DEFAULT_DATA;
  const stack = target.stack || (target.data ? '' : process.env[STACK_VARIABLE]);
  const values = await withTarget({ data, ...(stack ? { stack } : {}) }, QUERIES[kind]).catch(() => []);
  return values.filter(({ value }) => HARMLESS.test(value));
}

type Target = { readonly data?: string; readonly stack?: string };

const QUERIES: Readonly<Record<ValueKind, (connection: Connection) => Promise<Candidate[]>>> = {
  rule: async (connection) => {
    const { listRules } = await import('../../operate/rules/index.ts');
    return (await listRules(connection)).map(({ name, description }) => ({ value: name, description }));
  },
  host: async (connection) => {
    const { gitHosts } = await import('../../operate/hosts/hosts.ts');
    return (await gitHosts(connection)).map(({ name, url }) => ({ value: name, description: url }));
  },
  delivery: async (connection) => {
    const { listDeliveries } = await import('../../operate/deliveries/index.ts');
    const { rows } = await listDeliveries(connection, { limit: MOST_DELIVERIES });
    return rows.map(({ deliveryId, event, repository, outcome }) => ({
      value: deliveryId,
      description: [event, repository, outcome || 'running']
        .filter((word) => /^[\w./-]+$/.test(word))
        .join(' '),
    }));
  },
};
