import type { Administration } from '../../provider.ts';
import { github } from './provider.ts';
import { signatureOf } from './signature.ts';

// Characters of two and of four bytes, so that the ping tries the signature on more than ASCII.
const PAYLOAD = {
  zen: 'Für alle: keep it logically awesome 🎣',
  hook_id: 0,
  hook: { type: 'Repository', id: 0 },
};

/** A ping as GitHub sends it; only a GitHub Enterprise Server names itself. */
export const ping: Administration['ping'] = ({ host, secret, deliveryId }) => {
  const { headers } = github.door;
  const body = JSON.stringify(PAYLOAD);
  return {
    event: 'ping',
    headers: {
      [headers.event]: 'ping',
      [headers.delivery]: deliveryId,
      [headers.signature]: signatureOf(Buffer.from(body), secret),
      ...(host === github.usualHost.name ? {} : { [headers.host]: host }),
    },
    payload: PAYLOAD,
    body,
  };
};
