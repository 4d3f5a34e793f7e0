import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import { bundledRule } from '../events/rule-input.ts';
import { STEP_SECONDS } from '../statemachine/states.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { HooklineFunction, type HooklineFunctionProps } from './hookline-function.ts';
import { MACHINE_NAME } from './names.ts';
import type { Pull } from './pull.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

export interface FunctionsProps {
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly rules: readonly NamedRule[];
  readonly pull: Pull;
  readonly settings: Settings;
}

// Some 4,000 characters where the names of pipelines are long.
const STATEMENT_ARNS = 30;

// A delivery's call to its host may wait long; StartPipeline's lease of a ref (60 s) outlives its function.
const TIMEOUT = Duration.seconds(30);
// S3 copies an artifact of up to 5 GiB while it waits: as long as its state lets it.
const COPY_TIMEOUT = Duration.seconds(STEP_SECONDS - 10);

/** The functions of the machine and of the overflow Pipe, each allowed what it does and no more. */
export class Functions extends Construct {
  readonly validate: HooklineFunction;
  readonly overflow: HooklineFunction;
  readonly claim: HooklineFunction;
  readonly publish: HooklineFunction;
  readonly retire: HooklineFunction;
  readonly startPipeline: HooklineFunction;
  readonly report: HooklineFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FunctionsProps,
  ) {
    super(scope, id);
    this.validate = this.verifying('validate', 'Checks a delivery’s signature and shape', {
      concurrency: props.settings.validateConcurrency,
    });
    this.overflow = this.verifying('overflow', 'Makes a machine input of a delivery too large for one');
    this.claim = this.claiming();
    this.publish = this.moving('publish', 'Moves a ref’s pointer');
    this.retire = this.moving('retire', 'Removes the pointer of a ref that is gone');
    this.startPipeline = this.starting();
    this.report = this.reporting();
  }

  private make(
    name: string,
    description: string,
    environment: Record<string, string>,
    {
      constants = {},
      timeout = TIMEOUT,
      concurrency,
    }: Partial<Pick<HooklineFunctionProps, 'constants' | 'timeout' | 'concurrency'>> = {},
  ): HooklineFunction {
    const { settings } = this.props;
    return new HooklineFunction(this, name, {
      name,
      description,
      environment,
      constants,
      timeout,
      concurrency,
      settings,
    });
  }

  /** What reads signatures knows the hosts, the webhook secrets and the rules' options. */
  private verifying(
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

  private claiming(): HooklineFunction {
    const { deliveries, refs } = this.props.storage;
    const environment = { DELIVERIES_TABLE: deliveries.tableName, REFS_TABLE: refs.tableName };
    const made = this.make('claim', 'Takes a delivery for one execution', environment);
    made.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [deliveries.tableArn]);
    made.allow(['dynamodb:GetItem'], [refs.tableArn]);
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${MACHINE_NAME}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    made.allow(['states:DescribeExecution'], [executions]);
    acknowledgeWildcards(made.role, [executions], 'the execution that holds a claim is not known before');
    return made;
  }

  /** Idempotency records of a step, as Powertools reads and writes them. */
  private idempotent(made: HooklineFunction): void {
    const { idempotency } = this.props.storage;
    made.function.addEnvironment('IDEMPOTENCY_TABLE', idempotency.tableName);
    made.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      [idempotency.tableArn],
    );
  }

  private moving(name: string, description: string): HooklineFunction {
    const { bucket, refs } = this.props.storage;
    const environment = { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName };
    const made = this.make(name, description, environment, { timeout: COPY_TIMEOUT });
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    made.allow(['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging'], [bucket.arnForObjects('*')]);
    // An artifact is never changed: only builds write one, and nobody deletes one.
    made.allow(['s3:PutObject', 's3:DeleteObject'], [bucket.arnForObjects('*/refs/*')]);
    // Without it, S3 answers 403 for a key that is not there.
    made.allow(['s3:ListBucket'], [bucket.bucketArn]);
    this.idempotent(made);
    acknowledgeWildcards(
      made.role,
      [bucket.arnForObjects('*'), bucket.arnForObjects('*/refs/*')],
      'the keys are those of every repository',
    );
    return made;
  }

  private starting(): HooklineFunction {
    const { refs, bucket } = this.props.storage;
    const environment = { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName };
    const made = this.make('start-pipeline', 'Starts a rule’s pipeline on an artifact', environment);
    made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
    const pipelines = [...new Set(this.props.rules.flatMap(({ pipeline }) => pipeline?.name ?? []))];
    const arns = pipelines.map((resource) => Stack.of(this).formatArn({ service: 'codepipeline', resource }));
    // A managed policy, into which the CDK moves what is too long, holds 6,144 characters; a statement with an id stays apart.
    for (let at = 0; at < arns.length; at += STATEMENT_ARNS)
      made.role.addToPolicy(
        new PolicyStatement({
          sid: `Pipelines${at / STATEMENT_ARNS}`,
          actions: ['codepipeline:GetPipeline', 'codepipeline:StartPipelineExecution'],
          resources: arns.slice(at, at + STATEMENT_ARNS),
        }),
      );
    this.idempotent(made);
    return made;
  }

  private reporting(): HooklineFunction {
    const { storage, secrets, pull } = this.props;
    const environment = {
      DELIVERIES_TABLE: storage.deliveries.tableName,
      HOSTS_PARAMETER: secrets.hosts.parameterName,
      CREDENTIALS_SECRET_ARN: secrets.credentials.secretArn,
    };
    const made = this.make('report', 'Records an outcome and writes the commit status', environment);
    made.allow(['dynamodb:UpdateItem'], [storage.deliveries.tableArn]);
    made.allow(['ssm:GetParameter'], [secrets.hosts.parameterArn]);
    made.allow(['secretsmanager:GetSecretValue'], [secrets.credentials.secretArn]);
    // A failed pull says why in its log.
    made.allow(['logs:GetLogEvents'], pull.logStreamArns);
    acknowledgeWildcards(made.role, pull.logStreamArns, 'a build’s log stream is named after the build');
    this.idempotent(made);
    return made;
  }
}
