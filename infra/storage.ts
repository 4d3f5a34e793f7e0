import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BY_DAY, BY_DELIVERY } from '../statemachine/delivery-record.ts';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';

/** What outlives every delivery: the artifacts, and the three tables. */
export class Storage extends Construct {
  readonly bucket: Bucket;
  /** a record for each delivery: the claim of I2 and the outcome */
  readonly deliveries: Table;
  /** a record for each ref: fencing tokens, what is published, which pipelines were started (I4, I5) */
  readonly refs: Table;
  /** the functions' idempotency records */
  readonly idempotency: Table;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.bucket = artifactBucket(this, settings);
    this.deliveries = table(this, 'Deliveries', { timeToLiveAttribute: 'expires' });
    this.deliveries.addGlobalSecondaryIndex({
      indexName: BY_DAY.indexName,
      partitionKey: { name: BY_DAY.partitionKey, type: AttributeType.STRING },
      sortKey: { name: BY_DAY.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.deliveries.addGlobalSecondaryIndex({
      indexName: BY_DELIVERY.indexName,
      partitionKey: { name: BY_DELIVERY.partitionKey, type: AttributeType.STRING },
      sortKey: { name: BY_DELIVERY.sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.refs = table(this, 'Refs', {});
    this.idempotency = table(this, 'Idempotency', {
      timeToLiveAttribute: 'expiration',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
    acknowledge(
      this.idempotency,
      'AwsSolutions-DDB3',
      'its records live for a day, and no table of yesterday helps',
    );
  }
}

function artifactBucket(scope: Construct, { oldVersionDays, artifactDays }: Settings): Bucket {
  const bucket = new Bucket(scope, 'Artifacts', {
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    lifecycleRules: [
      {
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        noncurrentVersionExpiration: Duration.days(oldVersionDays),
        expiredObjectDeleteMarker: true,
      },
      keptExpiry,
      ...(artifactDays === undefined ? [] : [commitExpiry(artifactDays)]),
    ],
  });
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html: parts of an upload have no condition.
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'ArtifactsAreWrittenOnce',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('commits/*')],
      conditions: {
        Null: { 's3:if-none-match': 'true' },
        Bool: { 's3:ObjectCreationOperation': 'true' },
      },
    }),
  );
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'each object says which delivery wrote it; server access logs would cost and say less',
  );
  return bucket;
}

/** Ends what pulls keep for the next one: a repository without a push for so long is pulled from the beginning. */
const keptExpiry: LifecycleRule = {
  prefix: 'kept/',
  expiration: Duration.days(14),
  noncurrentVersionExpiration: Duration.days(1),
};

/**
 * Ends the artifacts of commits, and not the copies that refs point to. Nobody else deletes or overwrites an artifact: its
 * version is kept for a day more, so that what has just found it can use it.
 */
const commitExpiry = (days: number): LifecycleRule => ({
  prefix: 'commits/',
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(1),
});

function table(scope: Construct, id: string, props: Partial<TableProps>): Table {
  return new Table(scope, id, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ...props,
  });
}
