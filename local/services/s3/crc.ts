/** A cyclic redundancy check over bytes as they come. */
export interface Crc {
  update(chunk: Uint8Array): void;
  /** the check, its highest byte first */
  bytes(): Buffer;
}

// Reflected polynomials: Castagnoli's, and the one of the NVM Express specification.
const CRC32C = 0x82f63b78n;
const CRC64_NVME = 0x9a6c9329ac4bc9b5n;

// Numbers of 64 bits would be BigInts, a hundred times slower: each stands as two halves.
const tables32c = tableOf(CRC32C);
const tables64 = tableOf(CRC64_NVME);

export function crc32c(): Crc {
  let sum = 0xffffffff;
  const { low } = tables32c;
  return {
    update: (chunk) => {
      for (const byte of chunk) sum = (low[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
    },
    bytes: () => halves(~sum),
  };
}

export function crc64Nvme(): Crc {
  let [high, low] = [0xffffffff, 0xffffffff];
  const table = tables64;
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 0xff;
        low = (table.low[index] ?? 0) ^ ((low >>> 8) | (high << 24));
        high = (table.high[index] ?? 0) ^ (high >>> 8);
      }
    },
    bytes: () => halves(~high, ~low),
  };
}

function halves(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * index);
  return bytes;
}

function tableOf(polynomial: bigint): { high: Int32Array; low: Int32Array } {
  const [high, low] = [new Int32Array(256), new Int32Array(256)];
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return { high, low };
}
