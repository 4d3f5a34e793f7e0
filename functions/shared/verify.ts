import type { Webhook } from '../../events/bus-event.ts';
import { parseBody } from '../../events/github/json.ts';
import { type Normalised, normalise } from '../../events/github/normalise.ts';
import { checkSignature } from '../../events/github/signature.ts';
import { repositorySegments } from './artifact.ts';
import { errors, HooklineError } from './errors.ts';
import { readHosts } from './hosts.ts';
import { webhookSecrets } from './secrets.ts';

/**
 * Checks a webhook's signature over the raw bytes and then reads it.
 * Throws `Rejected` for one that its host has not signed, `Malformed` for one that is not as the host sends it.
 */
export async function verify({ host, headers, body }: Webhook): Promise<Normalised> {
  const bytes = Buffer.from(body, 'base64');
  await checkSigned(host, headers.signature, bytes);
  try {
    const { event, delivery: deliveryId } = headers;
    checkName('event', event, /^[a-z0-9_]{1,100}$/);
    checkName('delivery id', deliveryId, /^[\w-]{1,100}$/);
    const normalised = normalise({ host, event, deliveryId }, parseBody(bytes));
    const { ref, repository } = normalised.delivery;
    if (ref && repository) repositorySegments(repository.fullName);
    return normalised;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HooklineError(errors.malformed, message, { cause });
  }
}

async function checkSigned(host: string, signature: string, body: Buffer): Promise<void> {
  const hosts = await readHosts(host);
  if (!Object.hasOwn(hosts, host))
    throw rejected(
      `host ${JSON.stringify(host.slice(0, 200))} is not configured (configured: ${Object.keys(hosts).join(', ')}); add it to the hosts setting and deploy`,
    );
  const checked = checkSignature(body, signature, await webhookSecrets(host));
  if (checked === 'valid') return;
  if (checked === 'missing')
    throw rejected(
      `the webhook of ${host} has no X-Hub-Signature-256; set a secret on it (the older SHA-1 signature is not taken)`,
    );
  if (checked === 'malformed')
    throw rejected(`the X-Hub-Signature-256 of the webhook of ${host} is not sha256= and 64 hex digits`);
  // It may be the first after a rotation: what is kept may be the older secrets.
  const secrets = await webhookSecrets(host, true);
  if (secrets.length === 0)
    throw rejected(`${host} has no webhook secret; set one with "hookline secret set ${host} webhook"`);
  if (checkSignature(body, signature, secrets) !== 'valid')
    throw rejected(
      `no webhook secret of ${host} made this signature; give the webhook on ${host} the secret that Hookline has`,
    );
}

const rejected = (message: string): HooklineError => new HooklineError(errors.rejected, message);

function checkName(what: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value))
    throw new Error(`the ${what} is ${JSON.stringify(value.slice(0, 200))}: expected ${pattern.source}`);
}
