import { AwsError } from '../../core/aws-error.ts';
import type { Call, Cloud } from '../../core/cloud.ts';
import type { Build } from './build.ts';
import type { Builds } from './builds.ts';
import { newBuild } from './new-build.ts';
import type { StartInput } from './start-input.ts';
import { insert, nextNumber, projectNamed, storedBuild, type Tables } from './tables.ts';

/** Starts a build, which is on disk when this answers, or finds the one that the token has started. */
export async function startBuild(
  cloud: Cloud,
  tables: Tables,
  builds: Builds,
  input: StartInput,
  call: Call,
): Promise<{ build: Build }> {
  const build = await write(cloud, tables, input, call);
  if (!build.buildComplete) builds.add(build);
  return { build };
}

/**
 * Writes a build down. A token stands for its build for good, where AWS forgets the token after five minutes: a client
 * that asks again after the runtime was away must not get a second build.
 */
async function write(
  cloud: Cloud,
  tables: Tables,
  { idempotencyToken: token, ...request }: StartInput,
  call: Call,
): Promise<Build> {
  const project = projectNamed(tables, request.projectName);
  const asked = JSON.stringify(request);
  // A wrong request is refused before anything is written.
  const fresh = newBuild(cloud, project, request, call);
  const answer = await cloud.store.transaction(() => {
    const known = token === undefined ? undefined : tables.tokens.get([project.name, token]);
    if (known) return known;
    const stored = { ...fresh, build: { ...fresh.build, buildNumber: nextNumber(tables, project.name) } };
    insert(tables, stored);
    const started = { id: stored.build.id, request: asked };
    if (token !== undefined) void tables.tokens.put([project.name, token], started);
    return started;
  });
  if (answer.request !== asked)
    throw new AwsError(
      'InvalidInputException',
      `the idempotency token ${token} has started another build (${answer.id}): give another token`,
    );
  return storedBuild(tables, answer.id).build;
}
