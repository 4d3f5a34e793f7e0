import { AwsError } from '../../core/aws-error.ts';
import type { LambdaFunction } from './function.ts';

// A name, `account:function:name`, or an ARN; each with or without a version or an alias.
const REFERENCE = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:|function:)?([\w-]{1,64})(?::([\w$-]+))?$/;

/** The template's functions by name, and the qualifiers (versions, aliases) of each. */
export interface Registry {
  readonly functions: Map<string, LambdaFunction>;
  readonly qualifiers: Map<string, Set<string>>;
}

/** @throws ResourceNotFoundException when no such function, version or alias is there */
export function findFunction(registry: Registry, reference: string, qualifier?: string): LambdaFunction {
  const [, name = '', inName] = REFERENCE.exec(reference) ?? [];
  const found = registry.functions.get(name);
  const wanted = qualifier ?? inName ?? '$LATEST';
  if (!found || (wanted !== '$LATEST' && !registry.qualifiers.get(name)?.has(wanted)))
    throw new AwsError('ResourceNotFoundException', `there is no function ${reference}:${wanted} here`, 404);
  return found;
}
