import { writeSync } from 'node:fs';
import { logsService } from '../../../local/services/logs/index.ts';
import { fakeCloud } from '../../../local/testing.ts';

// Puts batches of log events, says which are answered, and dies, as kill -9 does it, while others are being written.
const [, , folder = ''] = process.argv;
const ANSWERED = 5;
const BATCH = 300;

const cloud = fakeCloud(folder);
cloud.add(logsService(cloud));
const stream = { logGroupName: '/a', logStreamName: 'one' };
await cloud.request('logs', 'CreateLogGroup', { logGroupName: '/a' });
await cloud.request('logs', 'CreateLogStream', stream);
const put = async (batch: number): Promise<void> => {
  const timestamp = Date.now();
  const logEvents = Array.from({ length: BATCH }, (_, line) => ({ timestamp, message: `${batch} ${line}` }));
  await cloud.request('logs', 'PutLogEvents', { ...stream, logEvents });
  // At once, as the process may die the next moment.
  writeSync(1, `${batch}\n`);
};
for (let batch = 0; batch < ANSWERED; batch++) await put(batch);
void Promise.race([put(ANSWERED), put(ANSWERED + 1)]).then(() => process.kill(process.pid, 'SIGKILL'));
