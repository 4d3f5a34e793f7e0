import type { Json } from '../payload/json.ts';
import { type Data, read } from '../payload/path.ts';
import { withValueAt } from '../payload/reference.ts';
import { fill } from '../payload/template.ts';
import { StateError } from '../state-error.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: input or output of a task, state or execution */
export const MAX_PAYLOAD_BYTES = 262_144;

interface Paths {
  readonly InputPath?: string | null | undefined;
  readonly OutputPath?: string | null | undefined;
  readonly ResultPath?: string | null | undefined;
  readonly Parameters?: Json | undefined;
  readonly ResultSelector?: Json | undefined;
}

/** The effective input: the input filtered by InputPath. */
export function effectiveInput({ InputPath = '$' }: Paths, data: Data): Data {
  return { ...data, input: InputPath === null ? {} : read(InputPath, data, 'InputPath') };
}

/** The parameters: the effective input, or the template of Parameters filled from it. */
export function parametersOf({ Parameters }: Paths, effective: Data): Json {
  return Parameters === undefined ? effective.input : fill(Parameters, effective);
}

/** The state's output: the result, selected and placed in the state's own input. */
export function outputOf(state: Paths, data: Data, result: Json): Json {
  const { ResultSelector, ResultPath } = state;
  const selected = ResultSelector === undefined ? result : fill(ResultSelector, { ...data, input: result });
  return filteredOutput(state, { ...data, input: withResult(data.input, ResultPath, selected) });
}

/** The result in the input by a ResultPath: null drops it. */
export function withResult(input: Json, path: string | null | undefined, result: Json): Json {
  if (path === null) return input;
  return withValueAt(input, path ?? '$', result);
}

/** The output filtered by OutputPath. */
export function filteredOutput({ OutputPath = '$' }: Paths, data: Data): Json {
  return OutputPath === null ? {} : read(OutputPath, data, 'OutputPath');
}

/** The text of a state's input or result. @throws StateError States.DataLimitExceeded */
export function limitedText(json: Json, name: string, what: 'input' | 'result' = 'result'): string {
  const text = JSON.stringify(json);
  const size = Buffer.byteLength(text);
  if (size <= MAX_PAYLOAD_BYTES) return text;
  throw new StateError(
    'States.DataLimitExceeded',
    `the ${what} of the state/task '${name}' has ${size} bytes, more than the ${MAX_PAYLOAD_BYTES} it may have`,
  );
}
