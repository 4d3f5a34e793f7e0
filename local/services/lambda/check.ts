import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, unsupported } from '../../core/aws-error.ts';

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, those of which a function can be made
const RUNTIMES: readonly string[] = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_ENVIRONMENT_BYTES = 4096;

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

/** @throws UnsupportedOperation for another language, InvalidParameterValueException for a Node.js that Lambda has not */
export function checkRuntime(name: string, runtime: string): void {
  if (!runtime.startsWith('nodejs'))
    throw unsupported(`the runtime "${runtime}" of the function ${name}: only nodejs runs here`);
  if (!RUNTIMES.includes(runtime))
    throw invalid(`the runtime ${runtime} of the function ${name} is none of ${RUNTIMES.join(', ')}`);
}

/** @throws InvalidParameterValueException for variables that are Lambda's own, or too large together */
export function checkEnvironment(name: string, variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((key) => RESERVED.has(key));
  if (reserved.length > 0)
    throw invalid(`Lambda itself sets ${reserved.join(', ')}: give the variables of ${name} other names`);
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > MAX_ENVIRONMENT_BYTES)
    throw invalid(
      `the environment of the function ${name} has ${bytes} bytes as JSON, and may have ${MAX_ENVIRONMENT_BYTES}`,
    );
}

/**
 * AWS makes such a function, and each of its invocations fails.
 * @throws InvalidParameterValueException for a handler whose file is not in the code
 */
export function checkHandler(name: string, root: string, handler: string): void {
  const [, module] = /^(.*?[^./]+)\.(.+)$/.exec(handler) ?? [];
  if (!module)
    throw invalid(
      `the handler ${JSON.stringify(handler)} of the function ${name} is not of the form file.export`,
    );
  // The order of Lambda's Node.js runtime, as in runtime/load.mjs.
  const files = ['.js', '.mjs', '.cjs'].map((extension) => module + extension);
  if (!files.some((file) => existsSync(join(root, file))))
    throw invalid(
      `the handler ${handler} of the function ${name} has no file in ${root}: none of ${files.join(', ')}`,
    );
}
