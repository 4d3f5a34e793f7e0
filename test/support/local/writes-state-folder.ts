import { holdFolder } from '../../../local/core/state-folder.ts';
import { openStore } from '../../../local/core/store.ts';

// Has the folder, and writes to it without an end, so that each page is soon another one's.
const [, , folder = ''] = process.argv;
const store = openStore(folder);
const values = store.collection<string>('values');
await store.transaction(() => {
  for (let key = 0; key < 20_000; key++) void values.put(String(key), 'x'.repeat(200));
});
await holdFolder(store, folder);
process.stdout.write('held\n');
for (let round = 0; ; round++)
  await store.transaction(() => {
    for (let each = 0; each < 200; each++)
      void values.put(String(Math.floor(Math.random() * 20_000)), `${round}`.repeat(40));
  });
