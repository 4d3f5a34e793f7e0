import { isOfCommit } from '../../../local/core/not-written.ts';
import { openStore } from '../../../local/core/store.ts';

// Writes to a store until it takes no more, and says on standard output what became of each kind of write.
const [, , directory = ''] = process.argv;
process.on('unhandledRejection', (error) => {
  if (!isOfCommit(error)) process.stdout.write(`unhandled: ${error}\n`);
});

const store = openStore(directory);
const values = store.collection<string>('values');
const failure = (write: Promise<unknown>): Promise<string> =>
  write.then(
    () => '',
    (error: unknown) => String(error),
  );

let count = 0;
let put = '';
for (; put === ''; count += 1) put = await failure(values.put(String(count), 'x'.repeat(500_000)));
// What a transaction writes is not waited for, as the transaction is.
const together = await failure(store.transaction(() => void values.put('t', 'x'.repeat(500_000))));
const kept = values.get('0')?.length;
await store.close();
process.stdout.write(JSON.stringify({ put, together, kept, written: count > 1 }));
