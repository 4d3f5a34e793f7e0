import type { Cloud } from './cloud.ts';

/** The URL of a queue of this runtime, by its ARN: services refer to queues by ARN, SQS takes URLs. */
export function queueUrl(cloud: Cloud, arn: string): string {
  const [, , , , account, name] = arn.split(':');
  return `${cloud.endpoint}/${account}/${name}`;
}
