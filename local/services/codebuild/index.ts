import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Cloud, Service } from '../../core/cloud.ts';
import type { Build } from './build.ts';
import { Builds } from './builds.ts';
import { parseInput } from './input.ts';
import { page, pageMembers } from './page.ts';
import { type Project, projectOf } from './project.ts';
import { newBuild, startSchema } from './start-build.ts';
import { idOf, insert, nextNumber, storedBuild, type Tables, tablesOf } from './tables.ts';

type Projects = Map<string, Project>;

const MAX_BATCH = 100;
const names = z.array(z.string()).min(1).max(MAX_BATCH);
const idSchema = z.strictObject({ id: z.string() });
const idsSchema = z.strictObject({ ids: names });
const namesSchema = z.strictObject({ names });
const listSchema = z.strictObject(pageMembers);
const listProjectsSchema = listSchema.extend({ sortBy: z.literal('NAME').optional() });
const listOfProjectSchema = listSchema.extend({ projectName: z.string() });

/** CodeBuild: the template's projects, their buildspecs run by this machine's shell. */
export function codeBuildService(cloud: Cloud): Service {
  const projects: Projects = new Map();
  const tables = tablesOf(cloud);
  const builds = new Builds(cloud, tables);
  return {
    name: 'codebuild',
    operations: {
      StartBuild: async (input, call) => {
        const build = await startBuild(cloud, tables, projects, input, call);
        if (!build.buildComplete) builds.add(build);
        return { build };
      },
      StopBuild: async (input) => {
        const { id } = storedBuild(tables, parseInput(idSchema, input).id).build;
        await builds.stop(id);
        return { build: storedBuild(tables, id).build };
      },
      BatchGetBuilds: (input) => {
        const { ids } = parseInput(idsSchema, input);
        const known = ids.flatMap((id) => tables.builds.get(idOf(id))?.build ?? []);
        return { builds: known, buildsNotFound: ids.filter((id) => !tables.builds.get(idOf(id))) };
      },
      BatchGetProjects: (input) => {
        const wanted = parseInput(namesSchema, input).names.map((name) => name.replace(/^arn:.*\//, ''));
        const known = wanted.flatMap((name) => projects.get(name) ?? []);
        return { projects: known, projectsNotFound: wanted.filter((name) => !projects.has(name)) };
      },
      ListBuilds: (input) => {
        const { sortOrder = 'DESCENDING', nextToken } = parseInput(listSchema, input);
        return page('ids', tables.order.entries({ reverse: sortOrder === 'DESCENDING' }), nextToken);
      },
      ListBuildsForProject: (input) => {
        const { projectName, sortOrder = 'DESCENDING', nextToken } = parseInput(listOfProjectSchema, input);
        const { name } = projectNamed(projects, projectName);
        return page('ids', tables.numbers.under([name], { reverse: sortOrder === 'DESCENDING' }), nextToken);
      },
      ListProjects: (input) => {
        const { sortOrder = 'ASCENDING', nextToken } = parseInput(listProjectsSchema, input);
        const sorted = [...projects.keys()].sort().map((value) => ({ value }));
        return page('projects', sortOrder === 'ASCENDING' ? sorted : sorted.reverse(), nextToken);
      },
    },
    resources: {
      'AWS::CodeBuild::Project': (resource) => {
        const project = projectOf(cloud, resource);
        projects.set(project.name, project);
        return { ref: project.name, attributes: { Arn: project.arn } };
      },
    },
    start: () => builds.resume(),
    stop: () => builds.close(),
  };
}

function projectNamed(projects: Projects, name: string): Project {
  const project = projects.get(name.replace(/^arn:.*\//, ''));
  if (!project) throw new AwsError('ResourceNotFoundException', `there is no build project ${name}`);
  return project;
}

/**
 * Writes down a build, which is on disk when this resolves. A token stands for its build for good, where AWS forgets
 * it after five minutes: who asks again after the runtime was away must not get a second build.
 */
async function startBuild(
  cloud: Cloud,
  tables: Tables,
  projects: Projects,
  input: unknown,
  call: Call,
): Promise<Build> {
  const { idempotencyToken: token, ...request } = parseInput(startSchema, input);
  const project = projectNamed(projects, request.projectName);
  const asked = JSON.stringify(request);
  // A wrong source is refused before anything is written.
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
