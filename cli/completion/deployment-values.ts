import type { Connection } from '../../operate/connection/connection.ts';
import { DATA, DEFAULT_DATA, STACK, withTarget } from '../target.ts';
import type { Asked, Candidate } from './candidates.ts';

// Nobody looks through more of them at a prompt.
const MOST_DELIVERIES = 20;

// A shell may run what it completes, and anybody may send a delivery whose id is a command.
const HARMLESS = /^[\w.-]+$/;

/** The values that only a deployment knows; none when it cannot be reached, as no error may disturb somebody who types. */
export async function deploymentValues(asked: Asked, target: Target): Promise<Candidate[]> {
  const data = target.data || process.env[DATA] || DEFAULT_DATA;
  const stack = target.stack || (target.data ? '' : process.env[STACK]);
  const values = await withTarget({ data, ...(stack ? { stack } : {}) }, ASK[asked]).catch(() => []);
  return values.filter(({ value }) => HARMLESS.test(value));
}

type Target = { readonly data?: string; readonly stack?: string };

const ASK: Readonly<Record<Asked, (connection: Connection) => Promise<Candidate[]>>> = {
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
