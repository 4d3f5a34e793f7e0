import type { Connection } from '../../operate/connection.ts';
import { withTarget } from '../target.ts';
import type { Asked, Candidate } from './candidates.ts';

// As many as are looked through at a prompt.
const DELIVERIES = 20;

/** What a deployment knows; nothing when it cannot be asked, for whoever types has not called anything yet. */
export function known(asked: Asked, { data = '.hookline', stack }: Target): Promise<Candidate[]> {
  return withTarget({ data, ...(stack ? { stack } : {}) }, ASK[asked]).catch(() => []);
}

type Target = { readonly data?: string; readonly stack?: string };

const ASK: Readonly<Record<Asked, (connection: Connection) => Promise<Candidate[]>>> = {
  rule: async (connection) => {
    const { listRules } = await import('../../operate/rules.ts');
    return (await listRules(connection)).map(({ name, description }) => ({ value: name, description }));
  },
  host: async (connection) => {
    const { gitHosts } = await import('../../operate/hosts.ts');
    return (await gitHosts(connection)).map(({ name, url }) => ({ value: name, description: url }));
  },
  delivery: async (connection) => {
    const { listDeliveries } = await import('../../operate/deliveries.ts');
    const { rows } = await listDeliveries(connection, { limit: DELIVERIES });
    return rows.map(({ deliveryId, event, repository, outcome }) => ({
      value: deliveryId,
      description: [event, repository, outcome || 'running'].filter(Boolean).join(' '),
    }));
  },
};
