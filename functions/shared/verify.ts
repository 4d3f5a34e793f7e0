import { createHash } from 'node:crypto';
import type { Webhook } from '../../events/bus-event.ts';
import type { Hosts } from '../../events/hosts.ts';
import type { Normalised, Receiver } from '../../events/provider.ts';
import { type ProviderName, providerNamed } from '../../events/providers/index.ts';
import { receivers } from '../../events/providers/receivers.ts';
import { SETTINGS_OLD_SECONDS } from '../../statemachine/settings-old.ts';
import { DELIVERY_ID } from './delivery-record.ts';
import { errors, HooklineError } from './errors.ts';
import { readHosts, readHostsAgain } from './hosts.ts';
import { webhookSecrets, webhookSecretsAgain } from './secrets.ts';

// The time of an event has no fractions of a second, and its clock and ours may differ by a second.
export const CLOCK_MS = 2000;

/**
 * Checks a webhook's signature over the raw bytes and then reads it.
 * @param time ISO time at which the webhook arrived; settings that were read before do not refuse it
 * Throws `Rejected` for one that its host has not signed, `Malformed` for one that is not as the host sends it, and
 * `SettingsOld` where its host may have been added a moment ago; SETTINGS_OLD_SECONDS later, what is kept is newer.
 */
export async function verify({ provider, host, headers, body }: Webhook, time: string): Promise<Normalised> {
  const bytes = Buffer.from(body, 'base64');
  // What this call itself reads is new enough, whatever the clocks say.
  const since = Math.min(Date.parse(time) + CLOCK_MS, Date.now());
  await checkProvider(host, provider, since);
  const receiver = receivers[provider];
  await checkSigned(receiver, host, headers.signature, bytes, since);
  try {
    const { event, delivery: deliveryId } = headers;
    if (!DELIVERY_ID.test(deliveryId))
      throw new Error(
        `the delivery id is ${JSON.stringify(deliveryId.slice(0, 200))}: expected ${DELIVERY_ID.source}`,
      );
    return receiver.read({ host, event, deliveryId }, bytes);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HooklineError(errors.malformed, message, { cause });
  }
}

/** SHA-256 of the bytes that a host has signed, by which a body is known under whichever delivery id it comes. */
export const bodyHash = ({ body }: Pick<Webhook, 'body'>): string =>
  createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex');

/** Each host's webhooks are checked as its own provider signs them, whichever door they came by. */
async function checkProvider(host: string, provider: ProviderName, since: number): Promise<void> {
  if (settingOf(await readHosts(), host)?.provider === provider) return;
  const hosts = (await readHostsAgain(since)) ?? settingsOld('the hosts');
  const setting = settingOf(hosts, host);
  if (!setting)
    throw rejected(
      `host ${JSON.stringify(host.slice(0, 200))} is not configured (configured: ${Object.keys(hosts).join(', ')}); add it to the hosts setting and deploy`,
    );
  if (setting.provider !== provider)
    throw rejected(
      `the webhook of ${host} came by the door of ${provider}, and the host is ${setting.provider}; give the webhook the address that ends with /${providerNamed(setting.provider).name}`,
    );
}

const settingOf = (hosts: Hosts, host: string) => (Object.hasOwn(hosts, host) ? hosts[host] : undefined);

async function checkSigned(
  receiver: Receiver,
  host: string,
  signature: string,
  body: Buffer,
  since: number,
): Promise<void> {
  const checked = receiver.checkSignature(body, signature, await webhookSecrets(host));
  if (checked === 'valid') return;
  if (checked !== 'wrong') throw rejected(`the webhook of ${host} ${receiver.refusals[checked]}`);
  // It may be the first after a rotation: what is kept may be the older secrets.
  const secrets = (await webhookSecretsAgain(host, since)) ?? settingsOld('the webhook secrets');
  if (secrets.length === 0)
    throw rejected(`${host} has no webhook secret; set one with "hookline secret set ${host} webhook"`);
  if (receiver.checkSignature(body, signature, secrets) !== 'valid')
    throw rejected(
      `no webhook secret of ${host} made this signature; give the webhook on ${host} the secret that Hookline has`,
    );
}

/** What is kept was read before the webhook arrived, and may be read again only in some seconds. */
function settingsOld(what: string): never {
  throw new HooklineError(
    errors.settingsOld,
    `${what} that are kept may be older than this webhook; try again in ${SETTINGS_OLD_SECONDS} s`,
  );
}

const rejected = (message: string): HooklineError => new HooklineError(errors.rejected, message);
