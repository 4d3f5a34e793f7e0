import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BuildSpec,
  ComputeType,
  type IBuildImage,
  LinuxBuildImage,
  LinuxLambdaBuildImage,
  Project,
  Source,
} from 'aws-cdk-lib/aws-codebuild';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Compute } from '../events/pull-options.ts';
import type { NamedRule } from '../events/rule.ts';
import { acknowledge, acknowledgeWildcards } from './acknowledge.ts';
import { makeNoLogGroup, projectLogs, READ_GRANTS } from './build-grants.ts';
import { bundle } from './bundle.ts';
import { namesOf } from './names.ts';
import type { Network } from './network.ts';
import { pullBuildspec } from './pull-buildspec.ts';
import type { PullToken } from './pull-token.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';
import { ofThisAccount } from './this-account.ts';

export interface PullProps {
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly rules: readonly NamedRule[];
  readonly settings: Settings;
  /** what mints the tokens of pulls, where a host may have an App */
  readonly pullToken: PullToken | undefined;
  /** where the build on EC2 compute runs, for hosts that only the VPC reaches */
  readonly network: Network | undefined;
}

/**
 * The build that has git: a project on Lambda compute, one on EC2 for what does not fit there or needs a VPC, each where a
 * rule uses that compute. Not every Region has Lambda compute.
 */
export class Pull extends Construct {
  readonly prefix: string;
  readonly projects: readonly Project[];
  /** every log stream of the pulls, for whoever reads why one failed */
  readonly logStreamArns: string[] = [];
  private readonly program: Asset;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PullProps,
  ) {
    super(scope, id);
    this.prefix = namesOf(props.settings).pullProjectPrefix;
    this.program = new Asset(this, 'Program', { path: bundle({ entry: 'pull/index.ts', target: 'node22' }) });
    const used = new Set(props.rules.map(({ pull }) => pull.compute));
    this.projects = [
      ...(used.has('lambda') ? [this.lambdaProject()] : []),
      ...(used.has('ec2') ? [this.ec2Project()] : []),
    ];
  }

  /** the kind of compute of a project */
  computeOf(project: Project): string {
    return project.node.id;
  }

  private lambdaProject(): Project {
    return this.project('lambda', LinuxLambdaBuildImage.AMAZON_LINUX_2023_NODE_22, ComputeType.LAMBDA_2GB);
  }

  private ec2Project(): Project {
    const { network } = this.props;
    return this.project('ec2', LinuxBuildImage.AMAZON_LINUX_2023_5, ComputeType.SMALL, network);
  }

  private project(
    compute: Compute,
    buildImage: IBuildImage,
    computeType: ComputeType,
    network?: Network,
  ): Project {
    const { storage, secrets, settings, pullToken } = this.props;
    const role = this.role(compute);
    const logGroup = new LogGroup(this, `Logs-${compute}`, {
      logGroupName: `/aws/codebuild/${this.prefix}-${compute}`,
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logStreamArns.push(
      Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: `/aws/codebuild/${this.prefix}-${compute}:log-stream:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const project = new Project(this, compute, {
      projectName: `${this.prefix}-${compute}`,
      description: 'Streams one commit of a git repository to S3',
      role,
      source: Source.s3({ bucket: this.program.bucket, path: this.program.s3ObjectKey }),
      buildSpec: BuildSpec.fromObject(pullBuildspec(compute)),
      environment: { buildImage, computeType },
      environmentVariables: {
        ARTIFACT_BUCKET: { value: storage.bucket.bucketName },
        REFS_TABLE: { value: storage.refs.tableName },
        HOSTS_PARAMETER: { value: secrets.hosts.parameterName },
        ...(pullToken ? { TOKEN_FUNCTION: { value: pullToken.made.function.functionName } } : {}),
      },
      logging: { cloudWatch: { logGroup } },
      grantReportGroupPermissions: false,
      // Lambda compute has its own limit of 15 min and takes no other.
      ...(compute === 'ec2' ? { timeout: Duration.minutes(60) } : {}),
      ...(network ? placed(network) : {}),
    });
    acknowledgeWildcards(
      role,
      [...READ_GRANTS, projectLogs(project)],
      'the CDK’s own grants: reading the program, writing the log',
    );
    makeNoLogGroup(project);
    if (network) this.acknowledgeNetwork(project, role);
    acknowledge(
      project,
      'AwsSolutions-CB4',
      'the build writes no artifact of its own; the bucket encrypts what it puts there',
    );
    return project;
  }

  private acknowledgeNetwork(project: Project, role: Role): void {
    const interfaces = Stack.of(this).formatArn({
      service: 'ec2',
      resource: 'network-interface',
      resourceName: '*',
    });
    const reason = 'the CDK’s own grants: CodeBuild makes an interface in the VPC for each build';
    acknowledgeWildcards(project, ['*'], reason);
    acknowledgeWildcards(role, [interfaces], reason);
  }

  private role(compute: Compute): Role {
    const { storage, secrets, pullToken } = this.props;
    const role = new Role(this, `Role-${compute}`, {
      assumedBy: ofThisAccount(this, 'codebuild.amazonaws.com'),
    });
    const allow = (actions: string[], resources: string[]): boolean =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['s3:GetObject'], [storage.bucket.arnForObjects('*')]);
    allow(['s3:PutObject', 's3:AbortMultipartUpload'], [storage.bucket.arnForObjects('commits/*')]);
    allow(['s3:PutObject'], [storage.bucket.arnForObjects('kept/*')]);
    // Without it, S3 answers 403 for a key that is not there.
    allow(['s3:ListBucket'], [storage.bucket.bucketArn]);
    allow(['dynamodb:UpdateItem'], [storage.refs.tableArn]);
    allow(['ssm:GetParameter'], [secrets.hosts.parameterArn]);
    allow(['secretsmanager:GetSecretValue'], secrets.credentialArns(compute));
    if (pullToken) allow(['lambda:InvokeFunction'], [pullToken.made.function.functionArn]);
    acknowledgeWildcards(
      role,
      [
        storage.bucket.arnForObjects('*'),
        storage.bucket.arnForObjects('commits/*'),
        storage.bucket.arnForObjects('kept/*'),
      ],
      'the keys are those of every repository',
    );
    return role;
  }
}

const placed = ({ vpc, vpcSubnets, securityGroups }: Network) => ({
  vpc,
  subnetSelection: vpcSubnets,
  securityGroups: [...securityGroups],
});
