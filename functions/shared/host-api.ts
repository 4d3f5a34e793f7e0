import { HostRests } from '../../events/host-rest.ts';
import type { Host } from '../../events/hosts.ts';
import type { HostApi } from '../../events/provider.ts';
import { HostUntrusted } from '../../events/providers/certificate-fault.ts';
import { requestReaders } from '../../events/providers/requests.ts';
import { HostRefused, type RequestReader } from '../../events/request-reader.ts';
import { errors, HooklineError } from './errors.ts';
import { tokenFor } from './host-token.ts';
import { readHost } from './hosts.ts';
import { retryAfterText } from './retry-after-text.ts';

/**
 * Asks a configured host about a pull request of a repository.
 * Throws `CredentialRefused`, `HostUntrusted`, `HostUnreachable`, `HostUnknown`, `Misconfigured`.
 */
export async function askHost<T>(
  name: string,
  repository: string,
  ask: (reader: RequestReader, api: HostApi) => Promise<T>,
): Promise<T> {
  const settings = await readHost(name);
  const { provider, api: url, ca } = settings;
  return asHostError(name, settings, async () => {
    const token = (await tokenFor(name, settings, { repository, use: 'requests' })) ?? '';
    return ask(requestReaders[provider], { host: name, url, token, ca });
  });
}

/** Names what a call of a host's API throws. What AWS answers on the way to it, as to the read of a secret, keeps its own name. */
export async function asHostError<T>(name: string, { api }: Host, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof HooklineError || (cause instanceof Error && '$metadata' in cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof HostUntrusted) throw new HooklineError(errors.hostUntrusted, message, { cause });
    if (cause instanceof HostRefused) throw new HooklineError(errors.credentialRefused, message, { cause });
    const what =
      cause instanceof HostRests
        ? `answers that there were too many requests; ${retryAfterText(cause.seconds)}`
        : `did not answer: ${message}`;
    throw new HooklineError(errors.hostUnreachable, `the API of ${name} (${api}) ${what}`, { cause });
  }
}
