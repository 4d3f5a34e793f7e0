import { writeSync } from 'node:fs';
import { startDeployment } from '../../../cli/up/deployment.ts';
import { isOfCommit } from '../../../local/index.ts';
import { createKiller } from './aim.ts';
import { requestSchema } from './messages.ts';

// A Hookline in a process of its own, which a test kills: `runtime.ts DATA ASSEMBLY PORT`.
const [, , data = '', assembly = '', port = ''] = process.argv;

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

// An orderly exit waits for LMDB, which may wait for this thread.
process.on('uncaughtException', (error) => {
  // As cli/up/unhandled.ts has it.
  if (isOfCommit(error)) return;
  writeSync(process.stderr.fd, `${error.stack}\n`);
  process.kill(process.pid, 'SIGTERM');
});
const { intercept, calls, aim } = createKiller(die);
// Whoever has started this process and is gone wants nothing of it any more.
process.on('disconnect', () => void die());
const { gitHost } = await startDeployment({ data, assembly, port: Number(port), intercept });
process.on('message', (message) => {
  const request = requestSchema.parse(message);
  if (request.aim !== undefined) aim(request.aim ?? undefined);
  const deliveries = gitHost.deliveries().map(({ id, status, statusCode }) => ({ id, status, statusCode }));
  process.send?.({ number: request.number, calls, deliveries });
});
process.send?.({ number: 0, calls: [], deliveries: [] });
