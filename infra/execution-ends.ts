import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { FAILED_STATUSES } from '../statemachine/outcomes.ts';
import type { DeliveryMachine } from './delivery-machine.ts';
import type { HooklineFunction } from './hookline-function.ts';

export interface ExecutionEndsProps {
  readonly machine: DeliveryMachine;
  readonly recordEnd: HooklineFunction;
}

/**
 * Hears from Step Functions, on the account's default bus, of every execution that did not succeed: no catcher takes
 * an error of the machine itself, a time-out or a stop, and each of them is recorded all the same (I11).
 */
export class ExecutionEnds extends Construct {
  constructor(scope: Construct, id: string, { machine, recordEnd }: ExecutionEndsProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'An execution of the delivery machine ended without success',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.machine.stateMachineArn], status: [...FAILED_STATUSES] },
      },
      targets: [new LambdaFunction(recordEnd.function)],
    });
  }
}
