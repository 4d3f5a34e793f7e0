import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { deleteInput, deleteMessage } from './delete-message.ts';
import * as made from './made-queues.ts';
import * as moveTasks from './move-tasks.ts';
import { policyProperties, provisionPolicy } from './queue-policy.ts';
import * as queues from './queues.ts';
import { receiveInput, receiveMessage } from './receive-message.ts';
import { startRetention } from './retention.ts';
import { sendInput, sendMessage } from './send-message.ts';
import { type State, stateOf } from './tables.ts';

/** SQS: standard queues, with dead-letter queues and their redrive; a message is on disk before its sender has an answer. */
export function sqsService(cloud: Cloud): Service {
  const state = stateOf(cloud);
  const mover = moveTasks.messageMover(state);
  let stopRetention: (() => Promise<void>) | undefined;
  return {
    name: 'sqs',
    invalidInput: 'InvalidParameterValue',
    missingInput: 'MissingParameter',
    operations: operations(state, mover),
    resources: resources(state),
    start: async () => {
      await made.registerMade(state);
      mover.resume();
      stopRetention = startRetention(state);
    },
    stop: async () => {
      state.listeners.close();
      await Promise.all([mover.stop(), stopRetention?.()]);
    },
  };
}

const operations = (state: State, mover: moveTasks.Mover): Service['operations'] => ({
  SendMessage: operation(sendInput, (input, call) => sendMessage(state, input, call)),
  ReceiveMessage: operation(receiveInput, (input) => receiveMessage(state, input)),
  DeleteMessage: operation(deleteInput, (input) => deleteMessage(state, input)),
  GetQueueUrl: operation(queues.urlInput, (input) => queues.getQueueUrl(state, input)),
  GetQueueAttributes: operation(queues.attributesInput, (input) => queues.getQueueAttributes(state, input)),
  ListQueues: operation(queues.listInput, (input) => queues.listQueues(state, input)),
  CreateQueue: operation(made.createInput, (input) => made.createQueue(state, input)),
  SetQueueAttributes: operation(made.attributesInput, (input) => made.setQueueAttributes(state, input)),
  StartMessageMoveTask: operation(moveTasks.startInput, (input) => mover.start(input)),
  ListMessageMoveTasks: operation(moveTasks.listInput, (input) => moveTasks.listMoveTasks(state, input)),
  CancelMessageMoveTask: operation(moveTasks.cancelInput, (input) => moveTasks.cancelMoveTask(state, input)),
});

const resources = (state: State): Service['resources'] => ({
  'AWS::SQS::Queue': resourceType(queues.queueProperties, (properties, resource) =>
    queues.provisionQueue(state, properties, resource),
  ),
  'AWS::SQS::QueuePolicy': resourceType(
    policyProperties,
    (properties, { generatedName }) => provisionPolicy(state, properties, generatedName),
    ({ generatedName }) => state.cloud.policies.remove(generatedName),
  ),
});
