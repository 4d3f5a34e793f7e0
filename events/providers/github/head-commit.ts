import * as z from 'zod';
import type { HeadCommit } from '../../provider.ts';

const text = z.string().catch('');
const schema = z.object({
  head_commit: z.object({ message: text, author: z.object({ name: text }).catch({ name: '' }) }),
});

/** The newest commit of a push. */
export function headCommit(payload: unknown): HeadCommit | undefined {
  const { data } = schema.safeParse(payload);
  if (!data) return undefined;
  const { message, author } = data.head_commit;
  return { subject: message.split('\n', 1)[0] ?? '', author: author.name };
}
