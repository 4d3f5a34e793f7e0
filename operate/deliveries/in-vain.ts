import { receivers } from '../../events/providers/receivers.ts';
import { errors } from '../../statemachine/errors.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { allWebhookSecrets } from '../hosts/webhook-secrets.ts';
import { signedOf } from './request.ts';
import type { DeliveryRow } from './row.ts';

/**
 * Why a delivery would end as before if it ran again; undefined where it may end otherwise. Of one that was rejected, the
 * signature is checked against the present webhook secrets.
 */
export async function whyInVain(connection: Connection, row: DeliveryRow): Promise<string | undefined> {
  if (row.outcome === outcomes.malformed) return 'the same payload would come again';
  if (row.error === errors.commitUnreachable) return `${row.host} does not have the commit`;
  if (row.outcome !== outcomes.rejected) return undefined;
  return (await isSigned(connection, row))
    ? undefined
    : `no webhook secret that Hookline has for ${row.host} makes its signature`;
}

async function isSigned(connection: Connection, row: DeliveryRow): Promise<boolean> {
  const { provider, signature, body } = await signedOf(connection, row);
  const secrets = (await allWebhookSecrets(connection)).get(row.host) ?? [];
  return receivers[provider].checkSignature(body, signature, secrets) === 'valid';
}
