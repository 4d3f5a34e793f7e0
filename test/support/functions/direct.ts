import { S3Client } from '@aws-sdk/client-s3';
import { callInProcess, readCommit } from '../interleave/in-process.ts';
import { Pipelines } from '../interleave/pipelines.ts';
import { baseOf } from './around-call.ts';
import { type Steps, startSteps } from './steps.ts';

type Send = (command: object) => Promise<unknown>;

/** What the steps talk to, without HTTP: a tenth of the time. */
export interface Direct extends Steps {
  /** a CodePipeline with the template `app` and the pipelines `deploy` and `teardown` */
  pipelines: Pipelines;
  /** as it was at first */
  forgetPipelines(): void;
  /** what every execution of a pipeline that begins from now on takes, in ms of `Date`, and whether a teardown fails */
  runs: { lasts: number; fails: boolean };
  /** the keys by which pipelines were started, in their order */
  readonly startedOn: string[];
}

/** @param realPipelines the model of CodePipeline, in place of a CodePipeline that keeps a list */
export async function startDirect({ realPipelines = false } = {}): Promise<Direct> {
  const steps = await startSteps({ inMemory: true });
  const runs = { lasts: 0, fails: false };
  const random = {
    next: () => 0,
    below: () => direct.runs.lasts,
    chance: () => direct.runs.fails,
    pick: () => {
      throw new Error('there is nothing to pick');
    },
  };
  const startedOn: string[] = [];
  const watcher = {
    starts: ({ pipeline, key }: { pipeline: string; key: string }) =>
      void startedOn.push(`${pipeline} ${key}`),
    deletes: () => {},
  };
  const pipelines = () => new Pipelines(() => Date.now(), random, watcher, 'app');
  const call: Steps['call'] = async (service, operation, input) =>
    realPipelines && service === 'codepipeline'
      ? direct.pipelines.call(operation, input)
      : steps.call(service, operation, input);
  const { close } = steps;
  const client = baseOf(S3Client.prototype);
  const send: unknown = Reflect.get(client, 'send');
  const sendDirectly: Send = function (this: unknown, command) {
    const name = command.constructor.name.replace(/Command$/, '');
    return callInProcess({ call }, this, name, Object(Reflect.get(command, 'input')));
  };
  Reflect.set(client, 'send', sendDirectly);
  const direct: Direct = Object.assign(steps, {
    pipelines: pipelines(),
    forgetPipelines: () => {
      direct.pipelines = pipelines();
    },
    runs,
    startedOn,
    objectCommit: (key: string) => readCommit(steps, key),
    close: async () => {
      Reflect.set(client, 'send', send);
      await close();
    },
  });
  return direct;
}
