import { X509Certificate } from 'node:crypto';

/** Whether the `ca` of a host in cdk.json is the text of a PEM file, and not its path. */
export const isPem = (ca: string): boolean => ca.includes('-----BEGIN ');

/** The certificates of a PEM file, in their order. @throws for one that cannot be read */
export function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw new Error(`certificate ${index + 1} of it cannot be read: copy it anew`, { cause });
    }
  });
}

/** Whose certificate it is: the last part of the subject, most often the common name. */
export const ownerOf = ({ subject }: X509Certificate): string => subject.slice(subject.lastIndexOf('\n') + 1);

/** The day on which a certificate expires, as `2030-01-31`. */
export const expiryOf = ({ validTo }: X509Certificate): string =>
  new Date(validTo).toISOString().slice(0, 10);
