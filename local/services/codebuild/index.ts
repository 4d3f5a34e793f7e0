import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { batchGetBuilds, batchGetProjects, buildsSchema, projectsSchema } from './batch-get.ts';
import { Builds } from './builds.ts';
import {
  buildsListSchema,
  listBuilds,
  listBuildsForProject,
  listProjects,
  projectBuildsListSchema,
  projectsListSchema,
} from './lists.ts';
import { propertiesSchema } from './properties.ts';
import { makeProject } from './provision.ts';
import { startBuild } from './start-build.ts';
import { startSchema } from './start-input.ts';
import { stopBuild, stopSchema } from './stop-build.ts';
import { tablesOf } from './tables.ts';

/** CodeBuild: the template's projects, their buildspecs run by this machine's shell. */
export function codeBuildService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const builds = new Builds(cloud, tables);
  return {
    name: 'codebuild',
    invalidInput: 'InvalidInputException',
    operations: {
      StartBuild: operation(startSchema, (input, call) => startBuild(cloud, tables, builds, input, call)),
      StopBuild: operation(stopSchema, (input) => stopBuild(tables, builds, input)),
      BatchGetBuilds: operation(buildsSchema, (input) => batchGetBuilds(tables, input)),
      BatchGetProjects: operation(projectsSchema, (input) => batchGetProjects(tables, input)),
      ListBuilds: operation(buildsListSchema, (input) => listBuilds(tables, input)),
      ListBuildsForProject: operation(projectBuildsListSchema, (input) =>
        listBuildsForProject(tables, input),
      ),
      ListProjects: operation(projectsListSchema, (input) => listProjects(tables, input)),
    },
    resources: {
      // The builds of a project outlive it: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_DeleteProject.html
      'AWS::CodeBuild::Project': resourceType(
        propertiesSchema,
        (properties, resource) => makeProject(cloud, tables, properties, resource),
        (_resource, { ref }) => void tables.live.delete(ref),
      ),
    },
    start: () => builds.resume(),
    stop: () => builds.close(),
  };
}
