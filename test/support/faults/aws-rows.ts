import type { Fault } from '../../../local/core/faults.ts';
import type { Row } from './rows.ts';

export interface AwsRow extends Row {
  readonly fault: Fault;
  /** the repository that is pushed to: the example pipeline is started by a push to `hookline/demo` */
  readonly to?: string;
}

/** What a service of AWS does, by what becomes of a push. */
export const AWS_ROWS: readonly AwsRow[] = [
  {
    what: 'EventBridge cannot start the machine twice',
    fault: { Service: 'states', Operation: 'StartExecution', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'Lambda fails twice',
    fault: { Service: 'lambda', Operation: 'Invoke', Kind: 'fail', Count: 2, Error: 'ServiceException' },
    outcome: 'Published',
  },
  {
    what: 'SSM throttles two reads of the hosts',
    fault: { Service: 'ssm', Operation: 'GetParameter', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'CodeBuild throttles two starts of a build',
    fault: { Service: 'codebuild', Operation: 'StartBuild', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'DynamoDB throttles two writes',
    fault: { Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'the answers of three writes to DynamoDB are lost',
    fault: { Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'lose-answer', Count: 3 },
    outcome: 'Published',
  },
  {
    what: 'S3 fails four copies to a pointer',
    fault: { Service: 's3', Operation: 'CopyObject', Kind: 'fail', Count: 4, Error: 'InternalError' },
    outcome: 'Published',
  },
  {
    what: 'S3 answers every upload two seconds late',
    fault: { Service: 's3', Operation: 'PutObject', Kind: 'late', Milliseconds: 2000 },
    outcome: 'Published',
  },
  {
    what: 'the answer of CodePipeline’s start is lost',
    fault: {
      Service: 'codepipeline',
      Operation: 'StartPipelineExecution',
      Kind: 'lose-answer',
      Count: 1,
    },
    to: 'hookline/demo',
    outcome: 'PipelineStarted',
  },
];
