import type { Connection } from '../../operate/connection/connection.ts';
import { withTarget } from '../target.ts';
import type { Asked, Candidate } from './candidates.ts';

// As many as are looked through at a prompt.
const DELIVERIES = 20;

// A shell runs what it completes: anybody may send a delivery whose id is a command.
const WORD = /^[\w.-]+$/;

/** What a deployment knows; nothing when it cannot be asked, for whoever types has not called anything yet. */
export async function known(asked: Asked, { data = '.hookline', stack }: Target): Promise<Candidate[]> {
  const found = await withTarget({ data, ...(stack ? { stack } : {}) }, ASK[asked]).catch(() => []);
  return found.filter(({ value }) => WORD.test(value));
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
    const { rows } = await listDeliveries(connection, { limit: DELIVERIES });
    return rows.map(({ deliveryId, event, repository, outcome }) => ({
      value: deliveryId,
      description: [event, repository, outcome || 'running']
        .filter((word) => /^[\w./-]+$/.test(word))
        .join(' '),
    }));
  },
};
