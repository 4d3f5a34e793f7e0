import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { roleOf } from './build.ts';
import { checkProject, refuseRoleInVpc } from './check-project.ts';
import { isLambda, type Project } from './project.ts';
import type { Properties } from './properties.ts';
import type { Tables } from './tables.ts';

/** Makes or changes a build project. @throws UnsupportedOperation for one that cannot be built here as on AWS */
export function makeProject(
  cloud: Cloud,
  tables: Tables,
  properties: Properties,
  resource: Resource,
): Provisioned {
  checkProject(properties);
  const project = projectOf(cloud, properties, properties.Name ?? resource.generatedName);
  const role = roleOf(cloud, { serviceRole: project.serviceRole, projectName: project.name });
  if (properties.VpcConfig) refuseRoleInVpc(cloud, role);
  tables.live.set(project.name, project);
  return { ref: project.name, attributes: { Arn: project.arn } };
}

// Lambda's own time limit, which no setting moves.
const LAMBDA_MINUTES = 15;
const DEFAULT_MINUTES = 60;
const DEFAULT_QUEUED_MINUTES = 480;

function projectOf(
  { region, account }: Cloud,
  { Source, Environment, LogsConfig, ...rest }: Properties,
  name: string,
): Project {
  const { Status: status, GroupName } = LogsConfig.CloudWatchLogs;
  return {
    name,
    arn: `arn:aws:codebuild:${region}:${account}:project/${name}`,
    description: rest.Description,
    serviceRole: rest.ServiceRole,
    timeoutInMinutes: isLambda(Environment.Type)
      ? LAMBDA_MINUTES
      : (rest.TimeoutInMinutes ?? DEFAULT_MINUTES),
    queuedTimeoutInMinutes: rest.QueuedTimeoutInMinutes ?? DEFAULT_QUEUED_MINUTES,
    source: { type: Source.Type, location: Source.Location, buildspec: Source.BuildSpec },
    sourceVersion: rest.SourceVersion,
    artifacts: { type: rest.Artifacts.Type },
    environment: {
      type: Environment.Type,
      image: Environment.Image,
      computeType: Environment.ComputeType,
      privilegedMode: false,
      environmentVariables: Environment.EnvironmentVariables.map(({ Name, Value: value, Type: type }) => ({
        name: Name,
        value,
        type,
      })),
    },
    logsConfig: { cloudWatchLogs: { status, groupName: GroupName ?? `/aws/codebuild/${name}` } },
  };
}
