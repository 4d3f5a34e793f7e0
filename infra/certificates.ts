import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPem } from '../events/hosts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

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
  const certificates = (text.match(BLOCK) ?? []).map(parse);
  if (certificates.length === 0)
    throw new Error(
      'it holds no certificate in PEM form; one in DER form becomes one by: openssl x509 -inform der -in FILE -out FILE.pem',
    );
  const unsigned = certificates.find((one) => !certificates.some((other) => one.checkIssued(other)));
  if (unsigned)
    throw new Error(
      `${nameOf(unsigned)} is signed by ${lastLine(unsigned.issuer)}, which is not there: add its certificate, up to the root`,
    );
  return certificates.map(String).join('');
}

/** What is said of each certificate whose time is over; the others are fine. */
export function expiredCertificates(ca: string, now = new Date()): string[] {
  const certificates = (ca.match(BLOCK) ?? []).map(parse);
  return certificates
    .filter(({ validTo }) => new Date(validTo) < now)
    .map(
      (expired) =>
        `${nameOf(expired)} has expired on ${new Date(expired.validTo).toISOString().slice(0, 10)}`,
    );
}

function textOf(path: string): string {
  try {
    return readFileSync(resolve(ROOT, path), 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why}; expected the path of a PEM file from the folder of cdk.json, or its text`, {
      cause,
    });
  }
}

function parse(block: string, index: number): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw new Error(`certificate ${index + 1} of it cannot be read: copy it anew`, { cause });
  }
}

const nameOf = ({ subject }: X509Certificate): string => lastLine(subject);
/** The common name of a subject, which stands last. */
const lastLine = (subject: string): string => JSON.stringify(subject.split('\n').at(-1));
