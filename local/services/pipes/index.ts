import type { Cloud, Resource, Service } from '../../core/cloud.ts';
import { describePipe, listPipes } from './describe.ts';
import { pipesHttp } from './http.ts';
import { type Pipe, pipeOf } from './pipe.ts';
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
      DescribePipe: (input) => describePipe(pipes, started, input),
      ListPipes: (input) => listPipes(pipes, started, input),
    },
    http: pipesHttp(cloud),
    resources: {
      'AWS::Pipes::Pipe': (resource) => {
        const pipe = provision(cloud, pipes, resource);
        // One that changes while it runs: what the former has read, it carries; it reads nothing more.
        if (running) poll(pipe.name);
        return { ref: pipe.name, attributes: { Arn: pipe.arn, CurrentState: pipe.desiredState } };
      },
    },
    start: async () => {
      running = true;
      for (const name of pipes.keys()) poll(name);
    },
    stop: async () => {
      await Promise.all([formerEnded, ...[...pollers.values()].map((poller) => poller.stop())]);
    },
  };

  function poll(name: string): void {
    formerEnded = Promise.all([formerEnded, pollers.get(name)?.stop()]);
    pollers.delete(name);
    const pipe = pipes.get(name);
    if (pipe?.desiredState === 'RUNNING') pollers.set(name, startPolling(cloud, pipe));
  }
}

function provision(cloud: Cloud, pipes: Map<string, Pipe>, resource: Resource): Pipe {
  const pipe = pipeOf(cloud, resource);
  pipes.set(pipe.name, pipe);
  return pipe;
}
