import { readFileSync } from 'node:fs';
/** A Hookline that is measured: it runs in this process, and tells the process that has started it what it takes. */
import { startDeployment } from '../../cli/up/deployment.ts';
import type { Sample } from './child.ts';

const SAMPLE_MS = 500;

const [assembly = '', data = ''] = process.argv.slice(2);
let ended = 0;
const deployment = await startDeployment({
  assembly,
  data,
  port: 0,
  intercept: (call, run) => {
    // Step Functions tells the bus of the end of each execution.
    if (call.operation === 'PutEvents' && call.principal.accessKeyId === 'states.amazonaws.com') ended += 1;
    return run(call.input);
  },
});
process.send?.({ ready: true });

const sample = (): void => {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const [cpuMs, mainMs] = [(user + system) / 1000, ofMainThread()];
  const taken: Sample = { rss, own: rss - mapped(), heap: heapUsed, cpuMs, mainMs, ended };
  process.send?.(taken);
};
/** The resident part of mapped files, in bytes; 0 where the system does not say. */
function mapped(): number {
  try {
    const [, kilobytes = '0'] = /RssFile:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

// Of Linux on every machine: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
const TICK_MS = 10;

/** Milliseconds of a processor that the main thread has had; 0 where the system does not say. */
function ofMainThread(): number {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return (user + system) * TICK_MS;
  } catch {
    return 0;
  }
}

const timer = setInterval(sample, SAMPLE_MS);
process.once('disconnect', async () => {
  clearInterval(timer);
  await deployment.close();
  process.exit();
});
