import type { Statement } from '../../core/iam/document.ts';

const allow = (...Action: string[]): Statement => ({ Effect: 'Allow', Action, Resource: ['*'] });

const WRITE_LOGS = allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents');
const TRACE = allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords');

/**
 * AWS's own policies that roles of functions and APIs have, of what this runtime carries out:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_MANAGED: Readonly<Record<string, readonly Statement[]>> = {
  AWSLambdaBasicExecutionRole: [WRITE_LOGS],
  AWSLambdaVPCAccessExecutionRole: [WRITE_LOGS],
  AWSLambdaSQSQueueExecutionRole: [
    WRITE_LOGS,
    allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'),
  ],
  AWSXRayDaemonWriteAccess: [TRACE],
  AmazonAPIGatewayPushToCloudWatchLogs: [
    WRITE_LOGS,
    allow('logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents'),
  ],
};
