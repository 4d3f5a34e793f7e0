import { parseArgs } from 'node:util';
import { interleave } from '../test/support/interleave/index.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    // how long to look for a smaller scenario, once one has failed
    seconds: { type: 'string', default: '20' },
  },
});
const started = performance.now();
const { runs, calls, failure } = await interleave(
  Number(values.seed),
  Number(values.runs),
  Number(values.seconds) * 1000,
);
const took = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${runs} runs, ${calls} steps in ${took} s\n`);
if (failure) {
  const { seed, wrong, trace } = failure;
  process.stdout.write(`${trace.join('\n')}\n\nseed ${seed}: ${wrong.join('\n')}\n`);
  process.exitCode = 1;
}
