import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { HooklineFunction } from './hookline-function.ts';

/**
 * Where an event of Step Functions or CodePipeline ends whose function has failed each time: EventBridge has handed it
 * over, so that the rule's own dead-letter queue would never see it.
 */
export class Unrecorded extends Construct {
  readonly queue: Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly functions: readonly HooklineFunction[],
  ) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest that SQS keeps a message.
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(this.queue, 'AwsSolutions-SQS3', 'it is itself where what failed ends');
    for (const each of functions) this.take(each);
  }

  private take({ name, function: made, role }: HooklineFunction): void {
    // Lambda sends by the role of the function, and refuses a queue that the role may not send to: the function itself is
    // made after the policy.
    this.queue.grant(role, 'sqs:SendMessage');
    new CfnEventInvokeConfig(this, name, {
      functionName: made.functionName,
      qualifier: '$LATEST',
      destinationConfig: { onFailure: { destination: this.queue.queueArn } },
    });
  }

  /** How many events wait for a person, or could not even be kept. */
  waiting(period: Duration): IMetric {
    const lost = Object.fromEntries(
      this.functions.map(({ function: made }, at) => [
        `lost${at}`,
        made.metric('DestinationDeliveryFailures', { period, statistic: 'Sum' }),
      ]),
    );
    return new MathExpression({
      expression: ['waiting', ...Object.keys(lost)].map((name) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: {
        waiting: this.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
        ...lost,
      },
      period,
    });
  }
}
