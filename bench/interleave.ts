import { parseArgs } from 'node:util';
import { interleave } from '../test/support/interleave/index.ts';

const USAGE = `Usage: npm run interleave -- [--runs N] [--seed N] [--seconds N]

Runs the steps of deliveries in this process, and decides before every single call of S3, DynamoDB and CodePipeline which of
them goes on, and whether it dies before or after. Ends with 1 at the first run in which an invariant (I2 to I5, I10) does not
hold, and prints the smallest scenario that was found.

  --runs N     how many (default: 1000)
  --seed N     of the first run; each further run has the next one (default: 1)
  --seconds N  how long a smaller scenario is looked for (default: 20)
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const started = performance.now();
  const { runs, calls, failure } = await interleave(
    wholeNumber('seed'),
    wholeNumber('runs'),
    wholeNumber('seconds') * 1000,
  );
  const took = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${runs} runs, ${calls} steps in ${took} s\n`);
  if (!failure) return;
  const { seed, wrong, trace } = failure;
  process.stdout.write(`${trace.join('\n')}\n\nseed ${seed}: ${wrong.join('\n')}\n`);
  process.exitCode = 1;
}

function wholeNumber(name: 'seed' | 'runs' | 'seconds'): number {
  if (/^\d{1,9}$/.test(values[name])) return Number(values[name]);
  throw new Error(`--${name} is ${JSON.stringify(values[name])}: give a whole number of at most nine digits`);
}
