import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Crc, crc32c, crc64Nvme } from './crc.ts';

/** The checksum algorithms that a client may use, by S3's names. */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Takes bytes as they come; at the end, their checksum in base64. */
export interface Checksum {
  update(chunk: Uint8Array): void;
  digest(): string;
}

const makers: Readonly<Record<Algorithm, () => Checksum>> = {
  CRC32: () => {
    let sum = 0;
    return {
      update: (chunk) => {
        sum = crc32(chunk, sum);
      },
      digest: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(sum);
        return bytes.toString('base64');
      },
    };
  },
  CRC32C: () => cyclic(crc32c()),
  CRC64NVME: () => cyclic(crc64Nvme()),
  SHA1: () => hashed('sha1'),
  SHA256: () => hashed('sha256'),
};

export function checksum(algorithm: Algorithm): Checksum {
  return makers[algorithm]();
}

function cyclic(crc: Crc): Checksum {
  return { update: crc.update, digest: () => crc.bytes().toString('base64') };
}

function hashed(name: string): Checksum {
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
}

/**
 * S3's checksum of an upload in parts: the checksum of the parts' checksums, and the number of parts.
 * @param sums base64, one for each part
 */
export function compositeOf(algorithm: Algorithm, sums: readonly string[]): string {
  const whole = checksum(algorithm);
  for (const sum of sums) whole.update(Buffer.from(sum, 'base64'));
  return `${whole.digest()}-${sums.length}`;
}
