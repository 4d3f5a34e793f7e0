import type { AwsRow } from './aws-rows.ts';

/** A service that refuses so many calls in a row that the deployed machine tries for minutes. */
export const THROTTLE_ROWS: readonly AwsRow[] = [
  {
    what: 'Lambda refuses twelve calls: twelve tries of a step, four minutes in the mean and eight at most',
    fault: {
      Service: 'lambda',
      Operation: 'Invoke',
      Kind: 'fail',
      Count: 12,
      Error: 'TooManyRequestsException',
    },
    outcome: 'Published',
  },
  {
    what: 'Lambda begins the first step after the step’s time: the step is tried again, and the late call changes nothing',
    // The git host tells of the new branch too, in a delivery of its own.
    fault: { Service: 'lambda', Operation: 'Invoke', Kind: 'late', Count: 2, Milliseconds: 12_000 },
    outcome: 'Published',
  },
  {
    what: 'CodeBuild throttles fourteen starts of a build: three more than the state tries, and Diagnose has it begin again',
    fault: { Service: 'codebuild', Operation: 'StartBuild', Kind: 'throttle', Count: 14 },
    outcome: 'Published',
    builds: 2,
  },
  {
    what: 'DynamoDB throttles eight writes: two builds get no token of the ref, and a third does',
    fault: { Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'throttle', Count: 8 },
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'S3 fails four looks for the artifact, which is one more than a build tries: a second build is begun',
    fault: { Service: 's3', Operation: 'HeadObject', Kind: 'fail', Count: 4, Error: 'SlowDown' },
    outcome: 'Published',
    builds: 2,
  },
  {
    what: 'S3 fails thirty copies to a pointer: ten tries of a step of three calls each, three minutes in the mean',
    fault: { Service: 's3', Operation: 'CopyObject', Kind: 'fail', Count: 30, Error: 'InternalError' },
    outcome: 'Published',
  },
];
