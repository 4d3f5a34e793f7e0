import type { Cloud } from '../../core/cloud.ts';
import { type LambdaFunction, roleOf } from './function.ts';

// The variables of the surrounding process that a function inherits: where programs are, and which certificates to
// trust.
const INHERITED = ['PATH', 'NODE_EXTRA_CA_CERTS'];

/** The environment of a function's worker: Lambda's own variables, the role's credentials, the template's variables. */
export function environmentOf(cloud: Cloud, fn: LambdaFunction, logStream: string): Record<string, string> {
  return {
    ...inherited(),
    TZ: process.env.TZ ?? 'UTC',
    LANG: 'en_US.UTF-8',
    ...cloud.environment(roleOf(cloud, fn)),
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: fn.logFormat,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    // The bundles' SDK warns of the Node.js that runs this runtime, which says nothing of the one in the account.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LAMBDA_TASK_ROOT: fn.root,
    _HANDLER: fn.handler,
    ...fn.variables,
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
