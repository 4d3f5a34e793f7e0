import { unsupported } from '../../../core/aws-error.ts';
import { startBuild, startBuildSync } from './codebuild.ts';
import { invokeFunction, lambdaInvoke } from './lambda.ts';
import { sdkTask } from './sdk.ts';
import type { Task } from './task.ts';

const INTEGRATION = 'arn:aws:states:::';
const SDK = `${INTEGRATION}aws-sdk:`;
const FUNCTION = /^arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

const integrations: Readonly<Record<string, Task>> = {
  'lambda:invoke': lambdaInvoke,
  'codebuild:startBuild': startBuild,
  'codebuild:startBuild.sync': startBuildSync,
};

/**
 * The work behind a Task's Resource.
 * @throws AwsError UnsupportedOperation
 */
export function taskOf(resource: string): Task {
  const integration = integrations[resource.slice(INTEGRATION.length)];
  if (resource.startsWith(INTEGRATION) && integration) return integration;
  if (FUNCTION.test(resource)) return invokeFunction(resource);
  const [service, operation, ...rest] = resource.startsWith(SDK) ? resource.slice(SDK.length).split(':') : [];
  const task = service && operation && rest.length === 0 && sdkTask(service, operation);
  if (task) return task;
  throw unsupported(`the task resource ${resource}`);
}
