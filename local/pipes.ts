import type { Cloud, Provisioned, Resource, Service } from './cloud.ts';
import { describePipe, listPipes } from './pipes/describe.ts';
import { pipesHttp } from './pipes/http.ts';
import { type Pipe, pipeOf } from './pipes/pipe.ts';
import { type Poller, startPolling } from './pipes/poller.ts';

/** EventBridge Pipes: from SQS queues, by way of a function, to state machines. */
export function pipesService(cloud: Cloud): Service {
  const pipes = new Map<string, Pipe>();
  const pollers: Poller[] = [];
  // A pipe is made again at every start.
  const started = Date.now();
  return {
    name: 'pipes',
    operations: {
      DescribePipe: (input) => describePipe(pipes, started, input),
      ListPipes: (input) => listPipes(pipes, started, input),
    },
    http: pipesHttp(cloud),
    resources: { 'AWS::Pipes::Pipe': (resource) => provision(cloud, pipes, resource) },
    start: async () => {
      for (const pipe of pipes.values())
        if (pipe.desiredState === 'RUNNING') pollers.push(startPolling(cloud, pipe));
    },
    stop: async () => {
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
}

function provision(cloud: Cloud, pipes: Map<string, Pipe>, resource: Resource): Provisioned {
  const pipe = pipeOf(cloud, resource);
  pipes.set(pipe.name, pipe);
  return { ref: pipe.name, attributes: { Arn: pipe.arn, CurrentState: pipe.desiredState } };
}
