import * as z from 'zod';
import type { LfsObjects } from './objects.ts';

/** What a client asks for: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
export const batchSchema = z.looseObject({
  operation: z.enum(['download', 'upload']),
  objects: z.array(
    z.looseObject({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }),
  ),
  hash_algo: z.literal('sha256').default('sha256'),
});

/**
 * Answers a batch with the one transfer `basic`: where to get or put each object, or why not.
 * @param address of the objects, without a slash at its end
 */
export async function answerBatch(
  { operation, objects }: z.infer<typeof batchSchema>,
  stored: LfsObjects,
  address: string,
): Promise<object> {
  const answers = objects.map(async ({ oid, size }) => {
    const kept = await stored.size(oid);
    const found = kept === size || (operation === 'download' && kept !== undefined);
    const actions = { [operation]: { href: `${address}/${oid}` } };
    if (operation === 'upload') return { oid, size, ...(found ? {} : { actions }) };
    if (found) return { oid, size: kept, actions };
    return { oid, size, error: { code: 404, message: `the git host has no LFS object ${oid}` } };
  });
  return { transfer: 'basic', objects: await Promise.all(answers), hash_algo: 'sha256' };
}
