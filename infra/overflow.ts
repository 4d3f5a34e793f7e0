import {
  DesiredState,
  type EnrichmentParametersConfig,
  type IEnrichment,
  type IPipe,
  type ISource,
  type ITarget,
  Pipe,
  type SourceConfig,
  type TargetConfig,
} from '@aws-cdk/aws-pipes-alpha';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DeliveryMachine } from './delivery-machine.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { namesOf } from './names.ts';
import type { Settings } from './settings.ts';
import { ofThisAccount } from './this-account.ts';

export interface OverflowProps {
  readonly machine: DeliveryMachine;
  readonly enrichment: HooklineFunction;
  readonly settings: Settings;
}

// The longest that SQS keeps a message.
const MESSAGE_RETENTION = Duration.days(14);
// Longer than the enrichment may take, so that a message is not taken twice while it runs.
const VISIBILITY_TIMEOUT = Duration.seconds(60);
// An hour of throttling, or of a function that fails, is waited out; the alarm OverflowAge rings after a quarter of it.
const MAX_RECEIVES = 60;

/** The way of what a rule could not hand to the machine: too large, or throttled for a day. */
export class Overflow extends Construct {
  readonly queue: Queue;
  /** what cannot be processed at all; someone is alarmed about it */
  readonly dead: Queue;

  constructor(scope: Construct, id: string, { machine, enrichment, settings }: OverflowProps) {
    super(scope, id);
    const encrypted = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: MESSAGE_RETENTION,
    };
    // The only copy of what it holds, but for the archive, which goes with the stack.
    this.dead = new Queue(this, 'Dead', {
      ...encrypted,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      deadLetterQueue: { queue: this.dead, maxReceiveCount: MAX_RECEIVES },
    });
    const pipe = new Pipe(this, 'Pipe', {
      role: new Role(this, 'PipeRole', { assumedBy: ofThisAccount(this, 'pipes.amazonaws.com') }),
      pipeName: namesOf(settings).overflowPipe,
      description: 'Deliveries too large for the machine, made small',
      source: new QueueSource(this.queue),
      enrichment: new LambdaEnrichment(enrichment),
      target: new MachineTarget(machine.machine),
      desiredState: DesiredState.RUNNING,
    });
    // AWS refuses a pipe whose role has no policy yet, and the deployment rolls back. The policy is part of the role.
    pipe.node.findChild('Resource').node.addDependency(pipe.pipeRole);
  }
}

/** A queue whose messages the pipe takes one by one: the machine is started once for each. */
class QueueSource implements ISource {
  readonly sourceArn: string;

  constructor(private readonly queue: IQueue) {
    this.sourceArn = queue.queueArn;
  }

  bind(_pipe: IPipe): SourceConfig {
    return { sourceParameters: { sqsQueueParameters: { batchSize: 1 } } };
  }

  grantRead(role: IRole): void {
    // What EventBridge asks for: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
    this.queue.grant(role, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
  }
}

/** A function between source and target. */
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

/** A Standard machine that the pipe starts; a pipe cannot wait for its end. */
class MachineTarget implements ITarget {
  readonly targetArn: string;

  constructor(private readonly machine: IStateMachine) {
    this.targetArn = machine.stateMachineArn;
  }

  bind(_pipe: IPipe): TargetConfig {
    return {
      targetParameters: { stepFunctionStateMachineParameters: { invocationType: 'FIRE_AND_FORGET' } },
    };
  }

  grantPush(role: IRole): void {
    this.machine.grantStartExecution(role);
  }
}
