import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal } from '../../core/cloud.ts';
import { invalidInput, repeated } from './invalid-input.ts';
import { isLambda } from './project.ts';
import type { Properties } from './properties.ts';

const SOURCES = ['S3', 'CODEPIPELINE', 'NO_SOURCE'];
const ARTIFACTS = ['NO_ARTIFACTS', 'CODEPIPELINE'];
const ENVIRONMENTS = ['LINUX_CONTAINER', 'ARM_CONTAINER', 'LINUX_LAMBDA_CONTAINER', 'ARM_LAMBDA_CONTAINER'];

/**
 * @throws UnsupportedOperation for a project that cannot be built here as on AWS
 * @throws InvalidInputException for one that CodeBuild refuses
 */
export function checkProject(properties: Properties): void {
  refuseUnsupported(properties);
  if (isLambda(properties.Environment.Type)) refuseOnLambda(properties);
  refuseEnvironment(properties.Environment);
  refuseSource(properties);
}

function refuseUnsupported({ Source, Artifacts, Environment, LogsConfig, Cache }: Properties): void {
  const refuse = (what: string): never => {
    throw unsupported(`a build project with ${what}`);
  };
  if (!SOURCES.includes(Source.Type)) refuse(`the Source.Type ${Source.Type}`);
  if (!ARTIFACTS.includes(Artifacts.Type)) refuse(`the Artifacts.Type ${Artifacts.Type}`);
  if (!ENVIRONMENTS.includes(Environment.Type)) refuse(`the Environment.Type ${Environment.Type}`);
  // There is no container here.
  if (Environment.PrivilegedMode) refuse('Environment.PrivilegedMode');
  if (LogsConfig.S3Logs && LogsConfig.S3Logs.Status !== 'DISABLED') refuse('LogsConfig.S3Logs');
  if (Cache && Cache.Type !== 'NO_CACHE') refuse(`the Cache.Type ${Cache.Type}`);
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html: what CodeBuild refuses on Lambda compute */
function refuseOnLambda(properties: Properties): void {
  const refuse = (what: string): never => {
    throw invalidInput(`a build project on Lambda compute takes no ${what}`);
  };
  for (const name of ['TimeoutInMinutes', 'QueuedTimeoutInMinutes', 'VpcConfig'] as const)
    if (properties[name] !== undefined) refuse(`${name}: leave it out`);
  refuseLambdaImage(properties.Environment);
}

// https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface
const IN_VPC = ['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs'].map((action) => `ec2:${action}`);

/** @throws InvalidInputException for a role that may not look at the VPC, which CodeBuild does at once as that role */
export function refuseRoleInVpc(cloud: Cloud, role: Principal): void {
  const denied = IN_VPC.find((action) => !cloud.policies.allows(role, action, '*'));
  if (denied !== undefined)
    throw invalidInput(`the role ${role.arn} is not authorized to perform ${denied}: allow it on *`);
}

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
const COMPUTE = {
  lambda: ['1GB', '2GB', '4GB', '8GB', '10GB'].map((size) => `BUILD_LAMBDA_${size}`),
  container: ['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE'].map((size) => `BUILD_GENERAL1_${size}`),
};

/** @throws InvalidInputException for compute that its type of environment has not, and for a variable that is there twice */
function refuseEnvironment({ Type, ComputeType, EnvironmentVariables }: Properties['Environment']): void {
  const known = COMPUTE[isLambda(Type) ? 'lambda' : 'container'];
  if (!known.includes(ComputeType))
    throw invalidInput(`the ComputeType ${ComputeType} of ${Type} is none of ${known.join(', ')}`);
  const twice = repeated(EnvironmentVariables.map(({ Name }) => Name));
  if (twice !== undefined) throw invalidInput(`Environment has ${twice} more than once: give one value`);
}

/** @throws InvalidInputException for a source that lacks what its type needs, and artifacts that do not go with it */
function refuseSource({ Source, Artifacts }: Properties): void {
  if (Source.Type === 'NO_SOURCE' && Source.BuildSpec === undefined)
    throw invalidInput('a project without a source has no buildspec: write Source.BuildSpec');
  if (Source.Type === 'S3' && Source.Location === undefined)
    throw invalidInput('a source in S3 has no place: write Source.Location');
  if (Source.Type === 'S3' && !/^[^/]+\/.+/.test(Source.Location ?? ''))
    throw invalidInput(`the Source.Location ${Source.Location} is no place in S3: expected BUCKET/KEY`);
  if ((Source.Type === 'CODEPIPELINE') !== (Artifacts.Type === 'CODEPIPELINE'))
    throw invalidInput(
      `the Source.Type ${Source.Type} does not go with the Artifacts.Type ${Artifacts.Type}: both are CODEPIPELINE, or none`,
    );
}

// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.images
const LAMBDA_IMAGE = /^aws\/codebuild\/amazonlinux-(x86_64|aarch64)-lambda-standard:|\.dkr\.ecr\./;

/** @throws InvalidInputException for an image that does not run on Lambda compute of this kind */
function refuseLambdaImage({ Type, Image }: Properties['Environment']): void {
  const found = LAMBDA_IMAGE.exec(Image);
  const wanted = Type.startsWith('ARM') ? 'aarch64' : 'x86_64';
  if (!found || (found[1] ?? wanted) !== wanted)
    throw invalidInput(
      `the Image ${Image} does not run as ${Type}: take one of amazonlinux-${wanted}-lambda-standard`,
    );
}
