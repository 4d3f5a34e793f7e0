import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { bundledRule } from '../events/rule-input.ts';
import { endPipelinesOf, endsOf } from '../events/rule-pipelines.ts';
import { COPY_SECONDS, START_SECONDS } from '../statemachine/states.ts';
import { TAKE_DOWN_SECONDS } from '../statemachine/take-down.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { allowArtifacts, allowBranchPipelines, allowEnds } from './branch-pipeline-grants.ts';
import {
  allowBuildLogs,
  allowExecutions,
  allowIdempotency,
  allowPipelines,
  allowResults,
} from './function-grants.ts';
import { type FunctionsProps, functionMaker, type MakeFunction } from './function-maker.ts';
import { HooklineFunction, type HooklineFunctionProps } from './hookline-function.ts';
import { makeApprove, makePipelineResult, makeRecordEnd, makeReport } from './host-functions.ts';
import { makeSweep } from './sweep.ts';

// S3 answers when an artifact of up to 5 GiB is copied.
const COPY_TIMEOUT = Duration.seconds(COPY_SECONDS);

/** The functions of the machine and of the overflow Pipe, each allowed what it does and no more. */
export class Functions extends Construct {
  readonly validate: HooklineFunction;
  readonly overflow: HooklineFunction;
  readonly claim: HooklineFunction;
  readonly publish: HooklineFunction;
  readonly retire: HooklineFunction;
  readonly startPipeline: HooklineFunction;
  readonly report: HooklineFunction;
  readonly diagnose: HooklineFunction;
  readonly recordEnd: HooklineFunction;
  /** where a rule names a pipeline */
  readonly pipelineResult: HooklineFunction | undefined;
  /** where a rule has a pipeline for each branch, or one for the end */
  readonly takeDown: HooklineFunction | undefined;
  /** where a rule builds what comes from forks */
  readonly approve: HooklineFunction | undefined;
  readonly sweep: HooklineFunction | undefined;
  readonly all: readonly HooklineFunction[];
  private readonly make: MakeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FunctionsProps,
  ) {
    super(scope, id);
    this.make = functionMaker(this, props.settings);
    this.validate = this.makeVerifier('validate', 'Checks a delivery’s signature and shape', {
      concurrency: props.settings.validateConcurrency,
    });
    this.overflow = this.makeVerifier('overflow', 'Makes a machine input of a delivery too large for one');
    this.claim = this.makeClaim();
    this.publish = this.makePointerMover('publish', 'Moves a ref’s pointer');
    allowExecutions(this.publish, this.props.settings);
    this.retire = this.makePointerMover('retire', 'Removes the pointer of a ref that is gone');
    this.startPipeline = this.makeStartPipeline();
    this.report = makeReport(this.make, props);
    this.diagnose = this.makeDiagnose();
    this.recordEnd = makeRecordEnd(this.make, props);
    const startsPipelines = endsOf(props.rules) || props.rules.some(({ pipeline }) => pipeline !== undefined);
    this.pipelineResult = startsPipelines ? makePipelineResult(this.make, props) : undefined;
    this.takeDown = endsOf(props.rules) ? this.makeTakeDown() : undefined;
    const buildsForks = props.rules.some((rule) => rule['pull-request']?.forks === 'approved');
    this.approve = buildsForks ? makeApprove(this.make, props) : undefined;
    this.sweep = makeSweep(this, props);
    this.all = this.node.children.filter((child) => child instanceof HooklineFunction);
  }

  /** A function that verifies webhooks: the hosts, their webhook secrets and the rules' options are known to it. */
  private makeVerifier(
    name: string,
    description: string,
    { concurrency }: Pick<HooklineFunctionProps, 'concurrency'> = {},
  ): HooklineFunction {
    const { hosts, webhook } = this.props.secrets;
    const options = JSON.stringify(this.props.rules.map(bundledRule));
    const environment = { HOSTS_PARAMETER: hosts.parameterName, WEBHOOK_SECRET_ARN: webhook.secretArn };
    const made = this.make(name, description, environment, {
      constants: { HOOKLINE_RULES: options },
      concurrency,
    });
    made.allow(['ssm:GetParameter'], [hosts.parameterArn]);
    made.allow(['secretsmanager:GetSecretValue'], [webhook.secretArn]);
    return made;
  }

  private makeClaim(): HooklineFunction {
    const { deliveries, refs } = this.props.storage;
    const environment = { DELIVERIES_TABLE: deliveries.tableName, REFS_TABLE: refs.tableName };
    const made = this.make('claim', 'Takes a delivery for one execution', environment);
    made.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [deliveries.tableArn]);
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    allowExecutions(made, this.props.settings);
    allowResults(made, this.props.bus);
    return made;
  }

  private makePointerMover(name: string, description: string): HooklineFunction {
    const { bucket, refs } = this.props.storage;
    const environment = { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName };
    const made = this.make(name, description, environment, { timeout: COPY_TIMEOUT });
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    made.allow(['s3:GetObject'], [bucket.arnForObjects('*')]);
    const moving = ['s3:PutObject', 's3:DeleteObject'];
    made.allow(moving, [bucket.arnForObjects('*/refs/*')]);
    // Only builds write an artifact, and nobody deletes one. The pattern above has those of a repository called refs too.
    made.deny(moving, [bucket.arnForObjects('commits/*')]);
    // Without it, S3 answers 403 for a key that is not there.
    made.allow(['s3:ListBucket'], [bucket.bucketArn]);
    acknowledgeWildcards(
      made.role,
      [bucket.arnForObjects('*'), bucket.arnForObjects('*/refs/*')],
      'the keys are those of every repository',
    );
    return made;
  }

  private makeStartPipeline(): HooklineFunction {
    const { refs, bucket } = this.props.storage;
    const environment = { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName };
    const made = this.make('start-pipeline', 'Starts a rule’s pipeline on an artifact', environment, {
      timeout: Duration.seconds(START_SECONDS),
    });
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    allowPipelines(made, this.props.rules);
    allowBranchPipelines(made, this.props.rules, this.props.settings, this.props.example);
    allowIdempotency(made, this.props.storage);
    return made;
  }

  private makeTakeDown(): HooklineFunction {
    const { refs, bucket } = this.props.storage;
    const environment = { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName };
    const description = 'Ends what a deleted branch or a closed pull request had';
    const made = this.make('take-down', description, environment, {
      timeout: Duration.seconds(TAKE_DOWN_SECONDS),
    });
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    allowArtifacts(made, bucket);
    allowEnds(made, this.props.rules, this.props.settings, endPipelinesOf(this.props.rules));
    return made;
  }

  private makeDiagnose(): HooklineFunction {
    const made = this.make('diagnose', 'Says why a build failed, and whether that may pass', {});
    allowBuildLogs(made, this.props.pull);
    return made;
  }
}
