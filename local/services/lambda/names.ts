import { AwsError } from '../../core/aws-error.ts';
import type { LambdaFunction } from './function.ts';

// A name, `account:function:name`, or an ARN; each with or without a version or an alias.
const REFERENCE = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:|function:)?([\w-]{1,64})(?::([\w$-]+))?$/;

/** The template's functions by name. */
export interface Registry {
  readonly functions: Map<string, LambdaFunction>;
}

/** @throws ResourceNotFoundException when no such function is there, and for a version or an alias, which none has here */
export function findFunction(registry: Registry, reference: string, qualifier?: string): LambdaFunction {
  const [, name = '', inName] = REFERENCE.exec(reference) ?? [];
  const found = registry.functions.get(name);
  const wanted = qualifier ?? inName ?? '$LATEST';
  if (!found || wanted !== '$LATEST')
    throw new AwsError('ResourceNotFoundException', `there is no function ${reference}:${wanted} here`, 404);
  return found;
}
