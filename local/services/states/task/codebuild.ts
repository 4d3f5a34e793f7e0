import * as z from 'zod';
import { UnknownOperation } from '../../../core/aws-error.ts';
import type { Cloud } from '../../../core/cloud.ts';
import { Halt } from '../engine/signals.ts';
import type { Json } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import { call } from './call.ts';
import { camelKeys, pascalKeys } from './keys.ts';
import { checkMembers } from './members.ts';
import type { Task, TaskRequest } from './task.ts';

const build = z.looseObject({ id: z.string(), buildStatus: z.string().default('IN_PROGRESS') });
const started = z.object({ build });
const found = z.object({ builds: z.array(build) });
const submittedBuild = z.object({ Build: z.object({ Id: z.string() }) });

type Build = z.infer<typeof build>;

/** @throws AwsError InvalidDefinition for a parameter that StartBuild has not, and without a project */
function check(given: Json, cloud: Pick<Cloud, 'inputOf'>): void {
  const input = cloud.inputOf('codebuild', 'StartBuild');
  if (!input) throw new UnknownOperation('codebuild', 'StartBuild');
  checkMembers(input, given, 'codebuild:startBuild', true);
}

/** `arn:aws:states:::codebuild:startBuild`: answers when the build is queued. */
export const startBuild: Task = {
  resourceType: 'codebuild',
  resource: 'startBuild',
  events: 'Task',
  check,
  run: async (request) => shown(await startNewBuild(request)),
};

/** `arn:aws:states:::codebuild:startBuild.sync`: answers when the build has ended; a stop of the state stops it. */
export const startBuildSync: Task = {
  resourceType: 'codebuild',
  resource: 'startBuild.sync',
  events: 'Task',
  isJob: true,
  check,
  run: async (request) => {
    const known = await earlierBuild(request);
    const running = known ?? (await startNewBuild(request));
    const submitted = known ? Promise.resolve() : request.submit(shown(running));
    const ended = await submitted
      .then(() => waitForEnd(request, running))
      .catch((error) => stopAndThrow(request, running, error));
    const result = shown(ended);
    if (ended.buildStatus === 'SUCCEEDED') return result;
    throw new StateError('States.TaskFailed', JSON.stringify(result));
  },
};

/** The build that a former process started, unless that process took the build with it. */
async function earlierBuild(request: TaskRequest): Promise<Build | undefined> {
  const submitted = submittedBuild.safeParse(request.submitted);
  if (!submitted.success) return undefined;
  const known = await buildOf(request, submitted.data.Build.Id);
  return known && ['IN_PROGRESS', 'SUCCEEDED'].includes(known.buildStatus) ? known : undefined;
}

async function startNewBuild(request: TaskRequest): Promise<Build> {
  const answer = await call(request, 'codebuild', 'StartBuild', camelKeys(request.parameters), 'CodeBuild');
  return started.parse(answer).build;
}

async function buildOf(request: TaskRequest, id: string): Promise<Build | undefined> {
  const answer = await call(request, 'codebuild', 'BatchGetBuilds', { ids: [id] }, 'CodeBuild');
  return found.parse(answer).builds[0];
}

async function waitForEnd(request: TaskRequest, { id }: Build): Promise<Build> {
  const watch = request.cloud.ends.watch(id);
  try {
    for (;;) {
      const known = await buildOf(request, id);
      if (!known) throw new StateError('States.TaskFailed', `the build ${id} is gone`);
      if (known.buildStatus !== 'IN_PROGRESS') return known;
      await watch.wait(request.signal);
    }
  } finally {
    watch.close();
  }
}

/** A build must not outlive the state that waits for it; at the end of the process it goes on at the next start. */
async function stopAndThrow(request: TaskRequest, { id }: Build, error: unknown): Promise<never> {
  if (request.signal.aborted && !(request.signal.reason instanceof Halt))
    await call(request, 'codebuild', 'StopBuild', { id }, 'CodeBuild').catch((failure) =>
      request.cloud.warn(`could not stop the build ${id}: ${String(failure)}`),
    );
  throw error;
}

function shown(answer: Build): Json {
  return { Build: pascalKeys(answer) };
}
