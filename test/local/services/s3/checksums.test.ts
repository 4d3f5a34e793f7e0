import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { checksum, compositeOf } from '../../../../local/services/s3/checksums.ts';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();

// Of `123456789`, as the catalogue of CRC algorithms has them; SHA as of OpenSSL.
const known = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
} as const;

describe.each(Object.entries(known) as [keyof typeof known, string][])('%s', (algorithm, hex) => {
  const sum = Buffer.from(hex, 'hex').toString('base64');
  const member = `Checksum${algorithm}`;
  const put = (value: string) =>
    s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: algorithm, Body: '123456789', [member]: value }));

  it('comes to the known value, whatever the pieces', () => {
    const whole = checksum(algorithm);
    for (const piece of ['1', '', '2345', '6789']) whole.update(Buffer.from(piece));
    expect(whole.digest()).toBe(sum);
  });

  it('is kept and given back when it is right, and refused when it is not', async () => {
    expect(await put(sum)).toMatchObject({ [member]: sum });
    const got = await s3.client.send(
      new GetObjectCommand({ Bucket: 'b', Key: algorithm, ChecksumMode: 'ENABLED' }),
    );
    expect(got).toMatchObject({ [member]: sum, ChecksumType: 'FULL_OBJECT' });
    expect(await got.Body?.transformToString()).toBe('123456789');
    const wrong = checksum(algorithm).digest();
    await expect(put(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
  });

  it('of parts is that of their checksums', () => {
    const whole = checksum(algorithm);
    whole.update(Buffer.from(hex + hex, 'hex'));
    expect(compositeOf(algorithm, [sum, sum])).toBe(`${whole.digest()}-2`);
  });
});
