import * as z from 'zod';
import { type ActionResult, type ActionRun, artifactLocation, roleOf } from './action-run.ts';
import type { StoredArtifact } from './execution.ts';
import { environmentOf, resolved } from './variables.ts';

const phaseSchema = z.looseObject({
  phaseType: z.string(),
  phaseStatus: z.string().optional(),
  contexts: z
    .array(z.looseObject({ statusCode: z.string().default(''), message: z.string().default('') }))
    .default([]),
});
const buildSchema = z.looseObject({
  id: z.string(),
  buildStatus: z.string(),
  exportedEnvironmentVariables: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
  phases: z.array(phaseSchema).default([]),
});
const startedSchema = z.looseObject({ build: z.looseObject({ id: z.string() }) });
const foundSchema = z.looseObject({ builds: z.array(buildSchema) });
type Build = z.infer<typeof buildSchema>;

/** A CodeBuild action: its input is the build's source, and the build's artifact its output. */
export async function runBuild(run: ActionRun): Promise<ActionResult> {
  const { action, known, note, signal } = run;
  signal.throwIfAborted();
  const output = outputOf(run);
  const id = known.externalId ?? (await startBuild(run, output));
  if (known.externalId === undefined) await note({ externalId: id });
  const found = await ended(run, id);
  if (found.buildStatus !== 'SUCCEEDED') throw new Error(failureOf(found));
  const variables = found.exportedEnvironmentVariables.map(({ name, value }) => [name, value] as const);
  const [name] = action.outputs;
  return {
    artifacts: name !== undefined && output ? { [name]: output } : {},
    variables: Object.fromEntries(variables),
  };
}

async function ended(run: ActionRun, id: string): Promise<Build> {
  const watch = run.cloud.ends.watch(id);
  try {
    let found = await buildOf(run, id);
    while (found.buildStatus === 'IN_PROGRESS') {
      await watch.wait(run.signal);
      found = await buildOf(run, id);
    }
    return found;
  } finally {
    watch.close();
  }
}

function outputOf({ action, pipeline, execution }: ActionRun): StoredArtifact | undefined {
  const [name] = action.outputs;
  return name === undefined ? undefined : artifactLocation(pipeline, execution, name);
}

async function startBuild(run: ActionRun, output: StoredArtifact | undefined): Promise<string> {
  const { cloud, pipeline, execution, action, known, note } = run;
  const value = (text: string) => resolved(text, pipeline, execution);
  const { ProjectName = '', EnvironmentVariables, ...others } = action.configuration;
  const texts = Object.entries(others).map(([name, text]) => [name, value(text)] as const);
  // Put in after the JSON is read: a value may hold a quote.
  const environment = environmentOf(EnvironmentVariables, `the action ${action.name}`).map((each) => ({
    ...each,
    value: value(each.value),
  }));
  const projectName = value(ProjectName);
  const configuration = {
    ProjectName: projectName,
    ...Object.fromEntries(texts),
    ...(EnvironmentVariables !== undefined && { EnvironmentVariables: JSON.stringify(environment) }),
  };
  await note({ configuration });
  const input = {
    projectName,
    ...sourceOf(run),
    environmentVariablesOverride: environment,
    ...(output && {
      artifactsOverride: {
        type: 'S3',
        location: output.bucket,
        path: '',
        name: output.key,
        packaging: 'ZIP',
      },
    }),
    // The same build again, for an action that is taken up again before it knows its build.
    idempotencyToken: known.id,
  };
  const answer = await cloud.call('codebuild', 'StartBuild', input, roleOf(run));
  return startedSchema.parse(answer).build.id;
}

function sourceOf({ execution, action }: ActionRun): object {
  const [name = ''] = action.inputs;
  const artifact = execution.artifacts[name];
  if (!artifact)
    throw new Error(`the action ${action.name} takes the artifact ${name}, which nothing has made`);
  return {
    sourceTypeOverride: 'S3',
    sourceLocationOverride: `${artifact.bucket}/${artifact.key}`,
    ...(artifact.versionId !== undefined && { sourceVersion: artifact.versionId }),
  };
}

async function buildOf(run: ActionRun, id: string): Promise<Build> {
  const answer = await run.cloud.call('codebuild', 'BatchGetBuilds', { ids: [id] }, roleOf(run));
  const [found] = foundSchema.parse(answer).builds;
  if (!found) throw new Error(`the build ${id} is gone`);
  return found;
}

function failureOf({ buildStatus, phases }: Build): string {
  const messages = phases
    .filter(({ phaseStatus }) => phaseStatus !== 'SUCCEEDED')
    .flatMap(({ phaseType, contexts }) =>
      contexts
        .filter(({ message }) => message !== '')
        .map(({ statusCode, message }) => `Phase: ${phaseType}, Code: ${statusCode}, Message: ${message}`),
    );
  return [`Build terminated with state: ${buildStatus}`, ...messages].join('. ');
}

/** Ends the build of an action that is abandoned; one that cannot be ended goes on, and is told of. */
export async function stopBuild(run: ActionRun, id: string): Promise<void> {
  const { cloud, action } = run;
  try {
    await cloud.call('codebuild', 'StopBuild', { id }, roleOf(run));
  } catch (error) {
    cloud.warn(`could not stop the build ${id} of ${action.name}: ${String(error)}`);
  }
}
