import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * The private key of an App with the line ends of Unix, and what was changed for that.
 * @throws for what is no private key of RSA; the message holds none of it
 */
export function appKey(value: string): { kept: string; changes: readonly string[] } {
  const kept = `${value.trim().replace(/\r\n?/g, '\n')}\n`;
  const { asymmetricKeyType: type } = parsed(kept);
  if (type !== 'rsa')
    throw new Error(
      `the key is one of ${type}, and the host takes RSA: give the file that its page has made`,
    );
  const changes = value.includes('\r') ? ['the line ends of Windows became those of Unix'] : [];
  return { kept, changes };
}

function parsed(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(
      'the value is no private key as PEM without a passphrase: give the file that the page of the App has made, whole',
    );
  }
}
