import type { Administration } from '../../administration.ts';
import { sentWebhook } from './sent-webhook.ts';

// Characters of two and of four bytes, so that the ping tries the signature on more than ASCII.
const PAYLOAD = {
  zen: 'Für alle: keep it logically awesome 🎣',
  hook_id: 0,
  hook: { type: 'Repository', id: 0 },
};

/** A ping as GitHub sends it. */
export const ping: Administration['ping'] = (sent) => sentWebhook(sent, 'ping', PAYLOAD);
