import { UnknownOperation } from '../../../core/aws-error.ts';
import type { Json } from '../payload/json.ts';
import { call } from './call.ts';
import { camelKeys, pascalKeys } from './keys.ts';
import { checkMembers } from './members.ts';
import type { Task } from './task.ts';

interface SdkService {
  /** its name in this runtime */
  readonly name: string;
  /** as error names have it */
  readonly prefix: string;
  /** whether its own JSON has camelCase members */
  readonly camel: boolean;
}

// By the name of the service's SDK. Services in a REST protocol are left out: their members are not those of a JSON body.
const services: Readonly<Record<string, SdkService>> = {
  codebuild: { name: 'codebuild', prefix: 'CodeBuild', camel: true },
  codepipeline: { name: 'codepipeline', prefix: 'CodePipeline', camel: true },
  eventbridge: { name: 'events', prefix: 'EventBridge', camel: false },
  secretsmanager: { name: 'secretsmanager', prefix: 'SecretsManager', camel: false },
  sfn: { name: 'states', prefix: 'Sfn', camel: true },
  sqs: { name: 'sqs', prefix: 'Sqs', camel: false },
  ssm: { name: 'ssm', prefix: 'Ssm', camel: false },
};

/** `arn:aws:states:::aws-sdk:SERVICE:OPERATION`, for services whose members are those of their JSON. */
export function sdkTask(service: string, operation: string): Task | undefined {
  const known = services[service];
  if (!known || !/^[a-z]\w*$/.test(operation)) return undefined;
  const { name, prefix, camel } = known;
  const action = operation.charAt(0).toUpperCase() + operation.slice(1);
  return {
    resourceType: `aws-sdk:${service}`,
    resource: operation,
    events: 'Task',
    check: (parameters, cloud) => {
      const input = cloud.inputOf(name, action);
      if (!input) throw new UnknownOperation(name, action);
      checkMembers(input, parameters, `${name}:${action}`, camel);
    },
    run: async (request): Promise<Json> => {
      const input = camel ? camelKeys(request.parameters) : request.parameters;
      const answer = await call(request, name, action, input, prefix);
      return camel ? pascalKeys(answer) : JSON.parse(JSON.stringify(answer ?? {}));
    },
  };
}
