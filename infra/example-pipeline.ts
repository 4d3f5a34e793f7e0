import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BuildSpec, ComputeType, LinuxLambdaBuildImage, PipelineProject } from 'aws-cdk-lib/aws-codebuild';
import { Artifact, type CfnPipeline, Pipeline, PipelineType, Variable } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction, S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import { rulesOfPipeline } from '../events/rule-pipelines.ts';
import { repositoriesOf } from '../events/rule-repositories.ts';
import { acknowledge, acknowledgeWildcards } from './acknowledge.ts';
import { makeNoLogGroup, projectLogs, READ_GRANTS, WRITE_GRANTS } from './build-grants.ts';
import { DEFAULT_NAME, namesOf } from './names.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';
import { ofThisAccount } from './this-account.ts';

/** @throws when a rule means the example, and the stack has none, or the rule names that of another Hookline in the account */
export function checkExample(rules: readonly NamedRule[], settings: Settings): void {
  const [own, others] = [namesOf(settings).example, namesOf({ name: DEFAULT_NAME }).example];
  const naming = (example: string): string[] =>
    rules.filter(({ pipeline }) => pipeline?.name === example).map(({ name }) => name);
  if (!settings.examplePipeline && naming(own).length > 0)
    throw new Error(
      `the stack has no example pipeline ${own}, which the rule ${naming(own).join(', ')} starts: name a pipeline of your own in the rule, or set "examplePipeline": true in cdk.json`,
    );
  checkRepositories(rulesOfPipeline(rules, own));
  if (!settings.examplePipeline || own === others) return;
  const wrong = naming(others);
  if (wrong.length > 0)
    throw new Error(
      `the example pipeline of the Hookline ${settings.name} is ${own}: write pipeline: ${own} in the rule ${wrong.join(', ')}, or set "examplePipeline": false in cdk.json`,
    );
}

// A role's policies in the template hold 10,240 characters: so many of the longest names.
const MAX_REPOSITORIES = 30;

function checkRepositories(rules: readonly NamedRule[]): void {
  const { length } = repositoriesOfAll(rules);
  if (length > MAX_REPOSITORIES)
    throw new Error(
      `the rules that mean the example pipeline name ${length} repositories, each of which stands in the policy of its role, and IAM's hold ${MAX_REPOSITORIES}: name them by a prefix or a wildcard in match.payload.repository.full_name (${rules.map(({ name }) => name).join(', ')})`,
    );
}

const repositoriesOfAll = (rules: readonly NamedRule[]): string[] => [
  ...new Set(rules.flatMap(({ match }) => repositoriesOf(match))),
];

// What a start names: the artifact of a commit. What the next pull begins with stands beside it (kept/).
const COMMITS = 'commits';

export interface ExampleProps {
  readonly storage: Storage;
  readonly settings: Settings;
  readonly rules: readonly NamedRule[];
}

/** A pipeline to copy from: it takes the artifact that a delivery names, and builds it by its own buildspec. */
export class ExamplePipeline extends Construct {
  readonly name: string;
  /** the pipeline's role and those of its actions, for copies of the pipeline */
  readonly roleArns: readonly string[];

  constructor(scope: Construct, id: string, { storage, settings, rules }: ExampleProps) {
    super(scope, id);
    const { example } = namesOf(settings);
    // By its name, as a pipeline in a stack of its own would.
    const bucket = Bucket.fromBucketName(this, 'Artifacts', storage.bucket.bucketName);
    const source = new Artifact('Source');
    // The CDK lets the source read the configured key alone, but each start names another.
    const pipelineRole = new Role(this, 'PipelineRole', {
      assumedBy: ofThisAccount(this, 'codepipeline.amazonaws.com'),
    });
    const commits = commitsOf(bucket, rulesOfPipeline(rules, example));
    const role = this.sourceRole(pipelineRole, commits);
    const store = this.store();
    const pipeline = new Pipeline(this, 'Pipeline', {
      role: pipelineRole,
      pipelineName: example,
      pipelineType: PipelineType.V2,
      artifactBucket: store,
      variables: [
        new Variable({
          variableName: 'REF',
          description: 'What was pushed, for a rule that says so',
          defaultValue: 'none',
        }),
      ],
      stages: [
        {
          stageName: 'Source',
          actions: [
            new S3SourceAction({
              actionName: 'Artifact',
              bucket,
              // Each start names the object; this one stands for none and need not exist.
              bucketKey: `${example}/none.zip`,
              output: source,
              trigger: S3Trigger.NONE,
              role,
            }),
          ],
        },
        {
          stageName: 'Build',
          actions: [
            new CodeBuildAction({ actionName: 'Build', project: this.project(settings), input: source }),
          ],
        },
      ],
    });
    this.name = example;
    const actionRoles = pipeline.node.findAll().filter((each) => each instanceof Role);
    this.roleArns = [pipelineRole, role, ...actionRoles].map(({ roleArn }) => roleArn);
    const resource = pipeline.node.defaultChild as CfnPipeline;
    resource.addPropertyOverride('Stages.0.Actions.0.Configuration.AllowOverrideForS3ObjectKey', 'true');
    acknowledgeWildcards(
      this,
      [...READ_GRANTS, ...WRITE_GRANTS, ...commits, store.arnForObjects('*')],
      'the CDK’s own grants: reading Hookline’s artifacts, and reading and writing what the pipeline hands from stage to stage',
    );
  }

  /** Whoever pushes decides what the build does: the source reads the repositories of the rules that mean this pipeline. */
  private sourceRole({ roleArn }: Role, commits: string[]): Role {
    const role = new Role(this, 'SourceRole', {
      assumedBy: new AccountPrincipal(Stack.of(this).account).withConditions({
        ArnEquals: { 'aws:PrincipalArn': roleArn },
      }),
    });
    if (commits.length > 0)
      role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject*'], resources: commits }));
    return role;
  }

  /** What the stages hand each other. A build runs what is pushed: Hookline's bucket, with every repository, is not for it. */
  private store(): IBucket {
    const bucket = new Bucket(this, 'Store', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [{ expiration: Duration.days(7) }],
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'it holds copies of artifacts for a week; access logs would cost more',
    );
    // As an interface, which the class does not fit by its types.
    return Bucket.fromBucketName(this, 'StoreByName', bucket.bucketName);
  }

  private project(settings: Settings): PipelineProject {
    const { example } = namesOf(settings);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/codebuild/${example}`,
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'ProjectRole', { assumedBy: ofThisAccount(this, 'codebuild.amazonaws.com') });
    const project = new PipelineProject(this, 'Project', {
      projectName: example,
      role,
      buildSpec: BuildSpec.fromSourceFilename('buildspec.yml'),
      environment: {
        buildImage: LinuxLambdaBuildImage.AMAZON_LINUX_2023_NODE_22,
        computeType: ComputeType.LAMBDA_2GB,
      },
      logging: { cloudWatch: { logGroup } },
      grantReportGroupPermissions: false,
    });
    acknowledge(
      project,
      'AwsSolutions-CB4',
      'the build’s input and output are in a bucket that encrypts them',
    );
    makeNoLogGroup(project);
    acknowledgeWildcards(role, [projectLogs(project)], 'the CDK’s own grant: writing the log');
    return project;
  }
}

/** The artifacts of commits that rules may name at a start. */
const commitsOf = (bucket: IBucket, rules: readonly NamedRule[]): string[] =>
  repositoriesOfAll(rules).map((repository) => bucket.arnForObjects(`${COMMITS}/${repository}/*`));
