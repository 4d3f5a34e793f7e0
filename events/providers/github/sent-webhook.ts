import type { SentWebhook } from '../../administration.ts';
import { github } from './provider.ts';
import { signatureOf } from './signature.ts';

/** A signed webhook as GitHub sends it; only a GitHub Enterprise Server names itself. */
export function sentWebhook(
  { host, secret, deliveryId }: { host: string; secret: string; deliveryId: string },
  event: string,
  payload: Readonly<Record<string, unknown>>,
): SentWebhook {
  const { headers } = github.door;
  const body = JSON.stringify(payload);
  return {
    event,
    headers: {
      [headers.event]: event,
      [headers.delivery]: deliveryId,
      [headers.signature]: signatureOf(Buffer.from(body), secret),
      ...(host === github.usualHost.name ? {} : { [headers.host]: host }),
    },
    payload,
    body,
  };
}
