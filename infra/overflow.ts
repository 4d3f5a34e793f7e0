import {
  DesiredState,
  type EnrichmentParametersConfig,
  type IEnrichment,
  type IPipe,
  Pipe,
} from '@aws-cdk/aws-pipes-alpha';
import { SqsSource } from '@aws-cdk/aws-pipes-sources-alpha';
import { SfnStateMachine, StateMachineInvocationType } from '@aws-cdk/aws-pipes-targets-alpha';
import { Duration } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeliveryMachine } from './delivery-machine.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { OVERFLOW_PIPE_NAME } from './names.ts';

export interface OverflowProps {
  readonly machine: DeliveryMachine;
  readonly enrichment: HooklineFunction;
}

// The longest that SQS keeps a message.
const KEPT = Duration.days(14);
// Longer than the enrichment may take, so that a message is not taken twice while it runs.
const HIDDEN = Duration.seconds(60);
const TRIES = 5;

/** The way of what a rule could not hand to the machine: too large, or throttled for a day. */
export class Overflow extends Construct {
  readonly queue: Queue;
  /** what cannot be processed at all; someone is alarmed about it */
  readonly dead: Queue;

  constructor(scope: Construct, id: string, { machine, enrichment }: OverflowProps) {
    super(scope, id);
    const encrypted = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: KEPT };
    this.dead = new Queue(this, 'Dead', encrypted);
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      visibilityTimeout: HIDDEN,
      deadLetterQueue: { queue: this.dead, maxReceiveCount: TRIES },
    });
    const pipe = new Pipe(this, 'Pipe', {
      pipeName: OVERFLOW_PIPE_NAME,
      description: 'Deliveries too large for the machine, made small',
      source: new SqsSource(this.queue, { batchSize: 1 }),
      enrichment: new LambdaEnrichment(enrichment),
      target: new SfnStateMachine(machine.machine, {
        invocationType: StateMachineInvocationType.FIRE_AND_FORGET,
      }),
      desiredState: DesiredState.RUNNING,
    });
    // AWS refuses a pipe whose role has no policy yet, and the deployment rolls back. The policy is part of the role.
    pipe.node.findChild('Resource').node.addDependency(pipe.pipeRole);
  }
}

/** A function between source and target; the alpha module has none of its own. */
class LambdaEnrichment implements IEnrichment {
  readonly enrichmentArn: string;

  constructor(step: HooklineFunction) {
    this.enrichmentArn = step.function.functionArn;
  }

  bind(_pipe: IPipe): EnrichmentParametersConfig {
    return { enrichmentParameters: {} };
  }

  grantInvoke(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.enrichmentArn] }),
    );
  }
}
