import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificatesOf, expiryOf, isPem, ownerOf } from '../events/certificates.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The certificates of a host's private authority, without what stands between them.
 * @param ca the text of a PEM file, or its path from the folder of cdk.json
 * @throws for what is no chain of certificates up to a root
 */
export function readCertificates(ca: string): string {
  const text = isPem(ca) ? ca : textOf(ca);
  if (/PRIVATE KEY-----/.test(text))
    throw new Error(
      'it holds a private key: leave the certificate alone there, and replace a key that others may read',
    );
  const certificates = certificatesOf(text);
  if (certificates.length === 0)
    throw new Error(
      'it holds no certificate in PEM form; one in DER form becomes one by: openssl x509 -inform der -in FILE -out FILE.pem',
    );
  const unsigned = certificates.find((one) => !certificates.some((other) => one.checkIssued(other)));
  if (unsigned)
    throw new Error(
      `"${ownerOf(unsigned)}" is signed by "${unsigned.issuer.split('\n').at(-1)}", which is not there: add its certificate, up to the root`,
    );
  return certificates.map(String).join('');
}

/** A sentence for each certificate whose time is over. */
export function expiredCertificates(ca: string): string[] {
  return certificatesOf(ca)
    .filter(({ validTo }) => new Date(validTo) < new Date())
    .map((expired) => `"${ownerOf(expired)}" has expired on ${expiryOf(expired)}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(resolve(ROOT, path), 'utf8');
  } catch (error) {
    // The message of Node.js holds what it took for a path, which may be a key without its first line.
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
    throw new Error(`${code}: expected the path of a PEM file from the folder of cdk.json, or its text`);
  }
}
