import type { Cloud } from '../../../core/cloud.ts';
import type { KnownTexts } from '../known-texts.ts';
import type { Execution, Tables } from '../tables.ts';
import { textOf } from '../texts.ts';

/**
 * Puts the event of an execution's end on the default bus, as Step Functions does:
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 * @throws what EventBridge or the disk did not take: the event is told again then
 */
export async function publishEnd(
  cloud: Cloud,
  tables: Tables,
  arn: string,
  known?: KnownTexts,
): Promise<void> {
  const execution = tables.executions.get(arn);
  // A redrive has begun it again meanwhile.
  if (execution && execution.status !== 'RUNNING')
    await cloud.call(
      'events',
      'PutEvents',
      { Entries: [eventOf(tables, execution, known)] },
      cloud.acting('states.amazonaws.com'),
    );
  await tables.untold.remove(arn);
}

function eventOf(tables: Tables, execution: Execution, known: KnownTexts | undefined): object {
  const { arn, machineArn, name, status, startDate, stopDate, input, output, error, cause } = execution;
  const included = { included: true };
  const detail = {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate,
    stopDate: stopDate ?? null,
    input: textOf(tables, arn, input, known),
    output: output === undefined ? null : textOf(tables, arn, output, known),
    inputDetails: included,
    outputDetails: output === undefined ? null : included,
    error: error ?? null,
    cause: cause ?? null,
  };
  return {
    Source: 'aws.states',
    DetailType: 'Step Functions Execution Status Change',
    Detail: JSON.stringify(detail),
    Resources: [arn],
  };
}
