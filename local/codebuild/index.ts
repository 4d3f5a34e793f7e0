import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Cloud, Service } from '../cloud.ts';
import { Builds } from './builds.ts';
import { type Project, projectOf } from './project.ts';

const PAGE = 100;

/** CodeBuild: the template's projects, their buildspecs run by this machine's shell. */
export function codeBuildService(cloud: Cloud): Service {
  const projects = new Map<string, Project>();
  const builds = new Builds(cloud, projects);
  return {
    name: 'codebuild',
    operations: {
      StartBuild: async (input, call) => ({ build: await builds.start(input, call) }),
      StopBuild: async (input) => ({ build: await builds.stop(input) }),
      BatchGetBuilds: (input) => batch('ids', 'builds', input, (id) => builds.get(id)),
      BatchGetProjects: (input) => batch('names', 'projects', input, (name) => shown(projects.get(name))),
      ListBuilds: (input) =>
        listed(
          builds.all().map(({ id }) => id),
          input,
          'ids',
        ),
      ListBuildsForProject: (input) => {
        const { projectName } = z.looseObject({ projectName: z.string() }).parse(input);
        if (!projects.has(projectName))
          throw new AwsError('ResourceNotFoundException', `there is no project ${projectName}`);
        return listed(builds.ofProject(projectName), input, 'ids');
      },
      ListProjects: (input) =>
        listed([...projects.keys()].sort(), { sortOrder: 'ASCENDING', ...(input as object) }, 'projects'),
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

function shown(project: Project | undefined): object | undefined {
  if (!project) return undefined;
  const { variables, logGroup, environment, ...rest } = project;
  return {
    ...rest,
    environment: { ...environment, environmentVariables: variables },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logGroup } },
  };
}

/** What of these names there is, and which of them are none. */
function batch(
  member: string,
  result: string,
  input: unknown,
  get: (name: string) => object | undefined,
): object {
  const names = z
    .array(z.string())
    .max(PAGE)
    .parse(Reflect.get(input as object, member));
  const found = names.map((name) => ({ name, value: get(name) }));
  return {
    [result]: found.flatMap(({ value }) => value ?? []),
    [`${result}NotFound`]: found.flatMap(({ name, value }) => (value ? [] : [name])),
  };
}

const listSchema = z.looseObject({
  nextToken: z.string().regex(/^\d+$/).optional(),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
});

function listed(names: readonly string[], input: unknown, member: string): object {
  const parsed = listSchema.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
  const ordered = parsed.data.sortOrder === 'ASCENDING' ? names : names.toReversed();
  const from = Number(parsed.data.nextToken ?? 0);
  const to = from + PAGE;
  return { [member]: ordered.slice(from, to), ...(to < ordered.length ? { nextToken: String(to) } : {}) };
}
