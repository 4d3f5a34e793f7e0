import { createHash } from 'node:crypto';
import type { Webhook } from '../../events/bus-event.ts';
import type { Normalised, Receiver } from '../../events/provider.ts';
import { type ProviderName, providerNamed } from '../../events/providers/index.ts';
import { receivers } from '../../events/providers/receivers.ts';
import { repositorySegments } from './artifact.ts';
import { DELIVERY_ID } from './delivery-record.ts';
import { errors, HooklineError } from './errors.ts';
import { readHosts } from './hosts.ts';
import { webhookSecrets } from './secrets.ts';

/**
 * Checks a webhook's signature over the raw bytes and then reads it.
 * Throws `Rejected` for one that its host has not signed, `Malformed` for one that is not as the host sends it.
 */
export async function verify({ provider, host, headers, body }: Webhook): Promise<Normalised> {
  const bytes = Buffer.from(body, 'base64');
  await checkProvider(host, provider);
  const receiver = receivers[provider];
  await checkSigned(receiver, host, headers.signature, bytes);
  try {
    const { event, delivery: deliveryId } = headers;
    if (!DELIVERY_ID.test(deliveryId))
      throw new Error(
        `the delivery id is ${JSON.stringify(deliveryId.slice(0, 200))}: expected ${DELIVERY_ID.source}`,
      );
    const normalised = receiver.read({ host, event, deliveryId }, bytes);
    const { ref, repository } = normalised.delivery;
    if (ref && repository) repositorySegments(repository.fullName);
    return normalised;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HooklineError(errors.malformed, message, { cause });
  }
}

/** SHA-256 of the bytes that a host has signed, by which a body is known under whichever delivery id it comes. */
export const bodyHash = ({ body }: Pick<Webhook, 'body'>): string =>
  createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex');

/** Each host's webhooks are checked as its own provider signs them, whichever door they came by. */
async function checkProvider(host: string, provider: ProviderName): Promise<void> {
  const hosts = await readHosts(host);
  const setting = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
  if (!setting)
    throw rejected(
      `host ${JSON.stringify(host.slice(0, 200))} is not configured (configured: ${Object.keys(hosts).join(', ')}); add it to the hosts setting and deploy`,
    );
  if (setting.provider !== provider)
    throw rejected(
      `the webhook of ${host} came by the door of ${provider}, and the host is ${setting.provider}; give the webhook the address that ends with /${providerNamed(setting.provider).name}`,
    );
}

async function checkSigned(receiver: Receiver, host: string, signature: string, body: Buffer): Promise<void> {
  const checked = receiver.checkSignature(body, signature, await webhookSecrets(host));
  if (checked === 'valid') return;
  if (checked !== 'wrong') throw rejected(`the webhook of ${host} ${receiver.refusals[checked]}`);
  // It may be the first after a rotation: what is kept may be the older secrets.
  const secrets = await webhookSecrets(host, true);
  if (secrets.length === 0)
    throw rejected(`${host} has no webhook secret; set one with "hookline secret set ${host} webhook"`);
  if (receiver.checkSignature(body, signature, secrets) !== 'valid')
    throw rejected(
      `no webhook secret of ${host} made this signature; give the webhook on ${host} the secret that Hookline has`,
    );
}

const rejected = (message: string): HooklineError => new HooklineError(errors.rejected, message);
