import { AwsError } from '../../../core/aws-error.ts';
import { StateNotWritten } from '../../../core/not-written.ts';
import { StateError } from '../state-error.ts';
import type { TaskRequest } from './task.ts';

/**
 * Calls a service as the machine's role.
 * @param prefix the service as error names have it: `Lambda`, `CodeBuild`
 * @throws StateError `Prefix.CodeException`, as Step Functions names a service's errors; States.Runtime for what this
 * runtime does not carry out, so that no catcher hides the refusal; StateNotWritten
 */
export async function call(
  { cloud, principal }: Pick<TaskRequest, 'cloud' | 'principal'>,
  service: string,
  operation: string,
  input: unknown,
  prefix: string,
): Promise<unknown> {
  try {
    return await cloud.call(service, operation, input, principal);
  } catch (error) {
    if (error instanceof StateNotWritten) throw error;
    if (error instanceof AwsError && error.code === 'UnsupportedOperation')
      throw new StateError('States.Runtime', error.message, { cause: error });
    if (error instanceof AwsError)
      throw new StateError(`${prefix}.${exceptionName(prefix, error.code)}`, error.message, { cause: error });
    throw new StateError('States.TaskFailed', `${service} ${operation} failed: ${String(error)}`, {
      cause: error,
    });
  }
}

function exceptionName(prefix: string, code: string): string {
  // Step Functions names a refused call after the service: Lambda.AWSLambdaException.
  if (/^AccessDenied(Exception)?$/.test(code)) return `AWS${prefix}Exception`;
  return code.endsWith('Exception') ? code : `${code}Exception`;
}
