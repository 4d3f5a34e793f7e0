import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { describeInput, describePipe, listInput, listPipes } from './describe.ts';
import { pipesHttp } from './http.ts';
import { type Pipe, pipeOf, pipeProperties } from './pipe.ts';
import { type Poller, startPolling } from './poller.ts';

/** EventBridge Pipes: from SQS queues, by way of a function, to state machines. */
export function pipesService(cloud: Cloud): Service {
  const pipes = new Map<string, Pipe>();
  const pollers = new Map<string, Poller>();
  let running = false;
  let formerEnded: Promise<unknown> = Promise.resolve();
  // A pipe is made again at every start.
  const started = Date.now();
  return {
    name: 'pipes',
    operations: {
      DescribePipe: operation(describeInput, (input) => describePipe(pipes, started, input)),
      ListPipes: operation(listInput, (input) => listPipes(pipes, started, input)),
    },
    http: pipesHttp,
    resources: {
      'AWS::Pipes::Pipe': resourceType(pipeProperties, (properties, resource) => {
        const pipe = pipeOf(cloud, properties, resource);
        pipes.set(pipe.name, pipe);
        if (running) poll(pipe.name);
        return { ref: pipe.name, attributes: { Arn: pipe.arn, CurrentState: pipe.desiredState } };
      }),
    },
    start: async () => {
      running = true;
      for (const name of pipes.keys()) poll(name);
    },
    stop: async () => {
      await Promise.all([formerEnded, ...[...pollers.values()].map((poller) => poller.stop())]);
    },
  };

  /** Begins to read a pipe's queue. The poller of a pipe that has changed delivers what it has read, and reads nothing more. */
  function poll(name: string): void {
    formerEnded = Promise.all([formerEnded, pollers.get(name)?.stop()]);
    pollers.delete(name);
    const pipe = pipes.get(name);
    if (pipe?.desiredState === 'RUNNING') pollers.set(name, startPolling(cloud, pipe));
  }
}
