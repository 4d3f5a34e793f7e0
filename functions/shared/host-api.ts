import type { HostApi } from '../../events/provider.ts';
import { HostUntrusted } from '../../events/providers/certificate-fault.ts';
import { requestReaders } from '../../events/providers/requests.ts';
import { HostRefused, type RequestReader } from '../../events/request-reader.ts';
import { errors, HooklineError } from './errors.ts';
import { readHost } from './hosts.ts';
import { credential } from './secrets.ts';

/**
 * Asks a configured host about a pull request.
 * Throws `CredentialRefused`, `HostUntrusted`, `HostUnreachable`, `HostUnknown`, `Misconfigured`.
 */
export async function askHost<T>(
  name: string,
  ask: (reader: RequestReader, api: HostApi) => Promise<T>,
): Promise<T> {
  const settings = await readHost(name);
  const { token = '' } = await credential(name, settings);
  const { provider, api: url, ca } = settings;
  try {
    return await ask(requestReaders[provider], { host: name, url, token, ca });
  } catch (cause) {
    if (cause instanceof HooklineError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof HostUntrusted) throw new HooklineError(errors.hostUntrusted, message, { cause });
    if (cause instanceof HostRefused) throw new HooklineError(errors.credentialRefused, message, { cause });
    throw new HooklineError(
      errors.hostUnreachable,
      `the API of ${name} (${url}) did not answer: ${message}`,
      {
        cause,
      },
    );
  }
}
