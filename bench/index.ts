import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measurePushes } from './push.ts';
import { measureStart } from './start.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

// `engines` in package.json has told the user about Node 20 already.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const row = (name: string, value: string, bar: string): void => {
  process.stdout.write(`${name.padEnd(52)} ${value.padStart(10)}   ${bar}\n`);
};

// Each figure is the wall time of what a user does, measured from outside.
await rm(`${root}/cdk.out/local`, { recursive: true, force: true });
const cold = await measureStart(root);
row('start, without a synthesis', `${(cold.ms / 1000).toFixed(2)} s`, 'under 15 s');
const warm = await measureStart(root);
row('start, with one', `${(warm.ms / 1000).toFixed(2)} s`, 'under 4 s');
const pushes = await measurePushes(root, 7);
row('small push to PipelineStarted, the first', `${(pushes.first / 1000).toFixed(2)} s`, '');
row(
  'small push to PipelineStarted, median of the next 6',
  `${(pushes.median / 1000).toFixed(2)} s`,
  'under 2 s',
);
row('memory of the runtime a minute after the pushes', `${pushes.megabytes.toFixed(0)} MB`, 'under 250 MB');
