/** A grant that nothing tried here needs, and why it is there all the same. */
interface Unneeded {
  /** matches the names of such grants */
  readonly what: RegExp;
  readonly why: string;
}

/**
 * What the policies of the stack allow, and no step of a delivery needs on this machine: never used, or used where
 * another grant would do. test/e2e/grants.long.test.ts fails for any other, and for one that is needed.
 */
export const UNNEEDED: readonly Unneeded[] = [
  {
    what: /^Machine\/Machine\/Role xray:(GetSampling(Rules|Targets)|Put(TelemetryRecords|TraceSegments)) /,
    why: 'Step Functions itself sends the traces of a machine, as its role; nothing is traced on this machine',
  },
  {
    what: /^Machine\/Machine\/Role logs:(DeleteLogDelivery|ListLogDeliveries|(Describe|Put)Resource(Policies|Policy)) /,
    why: 'Step Functions asks for all of them when a machine has a log: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    what: /^(Pull\/Role-(lambda|ec2)|Example\/ProjectRole) logs:(CreateLogStream|PutLogEvents) /,
    why: 'the CDK grants it twice, once for the log group and once for the project; either would do',
  },
  {
    what: /^(Pull\/Role-(lambda|ec2)|Example\/ProjectRole) logs:CreateLogGroup /,
    why: 'the CDK grants it to every project; the group is one of the stack, and CodeBuild makes it only when somebody has deleted it',
  },
  {
    what: /^(Pull\/Role-(lambda|ec2)|Example\/(Source|Project)Role) s3:(GetBucket|List)\* /,
    why: 'the CDK grants it to who reads a bucket; CodeBuild and CodePipeline look where a bucket is, and whether it has versions',
  },
  {
    what: /^(Pull\/Role-(lambda|ec2)|Example\/(Source|Project)Role) s3:(GetObject\*|PutObject) on s3:::[^/ ]+$/,
    why: 'the CDK names a bucket beside its objects; these actions are of objects alone',
  },
  {
    what: /^Pull\/Role-(lambda|ec2) s3:AbortMultipartUpload /,
    why: 'the upload of a large artifact that fails half-way is taken back; every upload here succeeds',
  },
  {
    what: /^Example\/PipelineRole s3:/,
    why: 'the CDK grants it to a pipeline on its own store; each action of this one has a role of its own',
  },
  {
    what: /^Example\/SourceRole s3:(Abort\*|DeleteObject\*|PutObject(LegalHold|Retention|(Version)?Tagging)) /,
    why: 'the CDK grants it to who writes a bucket; CodePipeline writes the artifact as this role',
  },
  {
    what: /^(Reconcile\/Schedule|Functions\/SweepHourly)\/\S+ lambda:InvokeFunction /,
    why: 'EventBridge starts the function every quarter of an hour, or every hour, which nobody waits for here',
  },
  {
    what: /^Functions\/(take-down|sweep)\/Role s3:ListBucket /,
    why: 'without it, S3 answers 403 for an artifact that has expired; every artifact of an end is there here',
  },
  {
    what: /^Functions\/publish\/Role s3:DeleteObject /,
    why: 'Publish removes a pointer that a Retire left behind when it died half-way, which `npm run interleave` tries',
  },
  {
    what: /^Functions\/retire\/Role s3:PutObject /,
    why: 'Retire writes a pointer that a Publish left behind when it died half-way, which `npm run interleave` tries',
  },
  {
    what: /^Functions\/start-pipeline\/Role dynamodb:GetItem on dynamodb:table\/\S*Idempotency/,
    why: 'Powertools reads the record of a step that came before, and removes that of a step that failed',
  },
];

export const reasonFor = (name: string): string | undefined =>
  UNNEEDED.find(({ what }) => what.test(name))?.why;
