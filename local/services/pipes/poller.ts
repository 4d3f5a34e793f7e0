import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../../core/cloud.ts';
import { queueUrl } from '../../core/queue-url.ts';
import { deliverBatch } from './deliver-batch.ts';
import { type Pipe, roleOf } from './pipe.ts';
import { recordsOf, type SqsRecord } from './records.ts';

const LONG_POLL_SECONDS = 20;
// A batch mostly waits for a function that runs in this process, so more at a time make nothing faster.
const CONCURRENCY = 4;
const WAIT_AFTER_FAULT = 5000;

/** Delivers the messages that come to a pipe's queue until it is stopped. */
export interface Poller {
  stop(): Promise<void>;
}

export function startPolling(cloud: Cloud, pipe: Pipe): Poller {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const warn = warnOnce(cloud, pipe);

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const records = await receive(cloud, pipe).catch(async (error) => {
        warn(error, `could not read ${pipe.source}`);
        await sleep(WAIT_AFTER_FAULT, undefined, { signal: stopping.signal }).catch(() => undefined);
        return [];
      });
      // After a stop the last answer's messages are left alone: the queue shows them again in a while.
      if (records.length > 0 && !stopping.signal.aborted) begin(records);
      if (running.size >= CONCURRENCY) await Promise.race(running);
    }
  };
  const begin = (records: readonly SqsRecord[]): void => {
    const ids = records.map(({ messageId }) => messageId).join(', ');
    const work = deliverBatch(cloud, pipe, records)
      .catch((error) => warn(error, `could not bring the message ${ids} to ${pipe.target}`))
      .finally(() => running.delete(work));
    running.add(work);
  };

  void poll();
  return {
    // A poll that is still waiting is ended by the queue's own service.
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function receive(cloud: Cloud, pipe: Pipe): Promise<SqsRecord[]> {
  const request = {
    QueueUrl: queueUrl(cloud, pipe.source),
    MaxNumberOfMessages: pipe.batchSize,
    WaitTimeSeconds: LONG_POLL_SECONDS,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  };
  return recordsOf(cloud, pipe, await cloud.call('sqs', 'ReceiveMessage', request, roleOf(cloud, pipe)));
}

/** Gives no warning twice in a row: a message that fails comes back until its queue gives up on it. */
function warnOnce(cloud: Cloud, pipe: Pipe): (error: unknown, what: string) => void {
  let last = '';
  return (error, what) => {
    const why = error instanceof Error ? error.message : String(error);
    const text = `the pipe ${pipe.name} ${what}: ${why}; it is tried again when the message is visible again`;
    if (text !== last) cloud.warn(text);
    last = text;
  };
}
