import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../../core/aws-error.ts';
import type { Definition } from '../definition/schema.ts';
import type { Executor } from '../engine/executor.ts';
import { eventDetails, inputDetails } from '../engine/journal.ts';
import { MAX_PAYLOAD_BYTES } from '../engine/payload.ts';
import { KnownTexts } from '../known-texts.ts';
import { type Json, parseJson } from '../payload/json.ts';
import { seconds } from '../seconds.ts';
import { type Execution, type Machine, machineOf, type Position, placeOf, type Tables } from '../tables.ts';
import { keepEvents, keepPosition, keepText, textOf } from '../texts.ts';

/** Without `traceHeader`: nothing is traced here, and on AWS the header goes on to the tasks. */
export const startSchema = z.strictObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#StepFunctions-StartExecution-request-name
// biome-ignore lint/suspicious/noControlCharactersInRegex: names hold no control characters
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/;

/**
 * Starts an execution, which is on disk when this answers.
 * The same name and input as a running execution's give that execution.
 */
export async function startExecution(
  tables: Tables,
  executor: Executor,
  given: z.infer<typeof startSchema>,
): Promise<object> {
  const machine = machineOf(tables, given.stateMachineArn);
  const name = checkedName(given.name);
  const { data, text } = checkedInput(given.input);
  const execution = newExecution(machine, name);
  const position = firstPosition(executor.definitionOf(machine), data);
  const former = await tables.store.transaction(() => {
    const known = tables.executions.get(execution.arn);
    if (!known) write(tables, execution, position, { input: given.input, text });
    return known;
  });
  if (!former) executor.launch(execution.arn);
  else if (former.status !== 'RUNNING' || textOf(tables, former.arn, former.input) !== given.input)
    throw new AwsError('ExecutionAlreadyExists', `execution already exists: '${execution.arn}'`);
  const { arn, startDate } = former ?? execution;
  return { executionArn: arn, startDate: seconds(startDate) };
}

function checkedName(name: string = randomUUID()): string {
  if (NAME.test(name)) return name;
  throw new AwsError(
    'InvalidName',
    `invalid name: '${name}' must have 1 to 80 characters without spaces or brackets`,
  );
}

/** The input, and its text without white space, which an input that is nested too deep has not. */
function checkedInput(input: string): { readonly data: Json; readonly text: string } {
  const size = Buffer.byteLength(input);
  if (size > MAX_PAYLOAD_BYTES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: value at 'input' failed to satisfy constraint: member must have length less than or equal to ${MAX_PAYLOAD_BYTES}, and has ${size} bytes`,
    );
  try {
    const data = parseJson(input);
    return { data, text: JSON.stringify(data) };
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `invalid state machine execution input: ${String(error)}`);
  }
}

function newExecution(machine: Machine, name: string): Omit<Execution, 'input'> {
  const { roleArn, definitionId, updateDate } = machine;
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const of = { machineArn: machine.arn, machineName: machine.name, roleArn, definitionId, updateDate };
  return { arn, name, ...of, status: 'RUNNING', startDate: Date.now(), redriveCount: 0 };
}

const firstPosition = ({ StartAt }: Definition, input: Json): Position => ({
  state: StartAt,
  input,
  enteredId: 0,
  enteredTime: 0,
  attempts: [],
});

function write(
  tables: Tables,
  execution: Omit<Execution, 'input'>,
  position: Position,
  { input, text }: { readonly input: string; readonly text: string },
): void {
  const { arn, startDate, roleArn } = execution;
  const known = new KnownTexts();
  void tables.executions.put(arn, { ...execution, input: keepText(tables, arn, input, known) });
  keepPosition(tables, arn, position, text, known);
  void tables.byMachine.put(placeOf(execution), arn);
  const started = {
    id: 1,
    previousEventId: 0,
    timestamp: startDate,
    type: 'ExecutionStarted',
    ...eventDetails('executionStartedEventDetails', { input, inputDetails, roleArn }),
  };
  keepEvents(tables, arn, [started], known);
}
