import * as z from 'zod';
import { AwsError, unsupported } from '../../../core/aws-error.ts';
import { type Json, parseJson } from '../payload/json.ts';
import { type CheckTask, checkStates } from './check.ts';
import { duplicateKey } from './duplicate-keys.ts';
import { invalidDefinition } from './invalid.ts';
import { type Definition, definitionSchema } from './schema.ts';

// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MOST_BYTES = 1024 * 1024;

/**
 * Reads a definition in the Amazon States Language.
 * @param checkTask throws `unsupported` for a Task's Resource that this runtime does not carry out
 * @throws AwsError InvalidDefinition; UnsupportedOperation, naming the state
 */
export function readDefinition(text: string, checkTask: CheckTask): Definition {
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw invalidDefinition(`it has ${Buffer.byteLength(text)} bytes, and at most ${MOST_BYTES} are taken`);
  const json = parsed(text);
  const twice = duplicateKey(text);
  if (twice !== undefined) throw invalidDefinition(`an object has ${twice} twice: leave one out`);
  refuseJsonata(json, 'the state machine');
  const result = definitionSchema.safeParse(json);
  if (!result.success) throw refusal(result.error);
  checkStates(result.data, checkTask);
  return result.data;
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw new AwsError('InvalidDefinition', `the definition is not JSON: ${String(error)}`);
  }
}

/** Said by name, because a definition in JSONata has other fields throughout. */
function refuseJsonata(json: Json | undefined, where: string): void {
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    if (key === 'QueryLanguage' && value === 'JSONata') throw unsupported(`JSONata, which ${where} asks for`);
    refuseJsonata(value, key);
  }
}

function refusal(error: z.ZodError): AwsError {
  const unknown = error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (!unknown) return invalidDefinition(z.prettifyError(error));
  return unsupported(`the field ${unknown.keys.join(', ')} at ${unknown.path.join('.') || 'the top'}`);
}
