import { once } from 'node:events';
import { holdFolder } from '../../../local/core/state-folder.ts';
import { openStore } from '../../../local/core/store.ts';

// Tries to take the folder once its input says so, answers `held` or why not, and has it until its input ends.
const [, , folder = ''] = process.argv;
const say = (text: string) => process.stdout.write(`${text}\n`);
say('ready');
await once(process.stdin, 'data');
const store = openStore(folder);
const release = await holdFolder(store, folder, 'with --data').then(
  (give) => {
    say('held');
    return give;
  },
  (error: Error) => say(error.message),
);
await once(process.stdin, 'end');
if (typeof release === 'function') await release();
await store.close();
