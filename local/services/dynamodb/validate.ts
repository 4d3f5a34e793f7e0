import validations from 'dynalite/validations/index.js';
import { unsupported } from '../../core/aws-error.ts';
import { asAwsError } from './fault.ts';
import { LIMITS } from './session.ts';

interface Rules {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: unknown;
}

/**
 * Holds a request against DynamoDB's rules for it.
 * @returns a copy with its expressions parsed, as dynalite's actions want it
 * @throws AwsError with the text that DynamoDB has for it
 */
export function checked(operation: string, members: object, { types, custom }: Rules): object {
  const unknown = Object.entries(members).find(
    ([name, value]) => value != null && !Object.hasOwn(types, name),
  );
  if (unknown) throw unsupported(`${unknown[0]} in DynamoDB's ${operation}`);
  try {
    const data = validations.checkTypes(structuredClone(members), types);
    validations.checkValidations(data, types, custom, { options: LIMITS });
    return data;
  } catch (error) {
    throw asAwsError(error);
  }
}
