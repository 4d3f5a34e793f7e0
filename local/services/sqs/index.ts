import type { Cloud, Service } from '../../core/cloud.ts';
import { batch } from './batch.ts';
import { changeMessageVisibility, deleteMessage, purgeQueue } from './delete-message.ts';
import { mover } from './message-move-task.ts';
import {
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  provisionQueue,
} from './queues.ts';
import { receiveMessage } from './receive-message.ts';
import { startRetention } from './retention.ts';
import { sendMessage } from './send-message.ts';
import { stateOf } from './tables.ts';

/** SQS: standard queues, with dead-letter queues and their redrive; a message is on disk before its sender has an answer. */
export function sqsService(cloud: Cloud): Service {
  const state = stateOf(cloud);
  const moves = mover(state);
  let stopRetention: (() => Promise<void>) | undefined;
  return {
    name: 'sqs',
    operations: {
      SendMessage: (input, call) => sendMessage(state, input, call),
      SendMessageBatch: (input, call) => batch(input, (entry) => sendMessage(state, entry, call)),
      ReceiveMessage: (input) => receiveMessage(state, input),
      DeleteMessage: (input) => deleteMessage(state, input),
      DeleteMessageBatch: (input) => batch(input, (entry) => deleteMessage(state, entry)),
      ChangeMessageVisibility: (input) => changeMessageVisibility(state, input),
      ChangeMessageVisibilityBatch: (input) => batch(input, (entry) => changeMessageVisibility(state, entry)),
      PurgeQueue: (input) => purgeQueue(state, input),
      GetQueueUrl: (input) => getQueueUrl(state, input),
      GetQueueAttributes: (input) => getQueueAttributes(state, input),
      ListQueues: (input) => listQueues(state, input),
      ListDeadLetterSourceQueues: (input) => listDeadLetterSourceQueues(state, input),
      StartMessageMoveTask: (input) => moves.start(input),
      ListMessageMoveTasks: (input) => moves.list(input),
      CancelMessageMoveTask: (input) => moves.cancel(input),
    },
    resources: {
      'AWS::SQS::Queue': (resource) => provisionQueue(state, resource),
      'AWS::SQS::QueuePolicy': ({ generatedName }) => ({ ref: generatedName }),
    },
    removals: { 'AWS::SQS::QueuePolicy': () => undefined },
    start: async () => {
      moves.resume();
      stopRetention = startRetention(state);
    },
    stop: async () => {
      state.listeners.close();
      await Promise.all([moves.stop(), stopRetention?.()]);
    },
  };
}
