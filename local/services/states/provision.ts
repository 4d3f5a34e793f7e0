import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal, Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { readDefinition } from './definition/read.ts';
import { objectSchema } from './payload/json.ts';
import type { Machine, Tables } from './tables.ts';
import { taskOf } from './task/resource.ts';

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html#StepFunctions-CreateStateMachine-request-name
const MACHINE_NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const machineName = z
  .string()
  .regex(MACHINE_NAME, '1 to 80 characters, without white space and <>{}[]?*"#%\\^|~`$&,;:/');

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html
const loggingSchema = z
  .strictObject({
    Level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).default('OFF'),
    IncludeExecutionData: templateBoolean.optional(),
    Destinations: z
      .array(
        z.strictObject({
          CloudWatchLogsLogGroup: z.strictObject({
            LogGroupArn: z
              .string()
              .regex(
                /^arn:[\w-]+:logs:[^:]+:\d{12}:log-group:[^:]+:\*$/,
                'expected the ARN of a log group, and :* after it',
              ),
          }),
        }),
      )
      .max(1, 'a state machine has one log destination')
      .default([]),
  })
  .refine(
    ({ Level, Destinations }) => Level === 'OFF' || Destinations.length === 1,
    'a level other than OFF needs a log destination: add a log group to Destinations',
  );
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_EncryptionConfiguration.html
const encryptionSchema = z
  .strictObject({
    Type: z.enum(['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY']),
    KmsKeyId: keyId.min(1).optional(),
    KmsDataKeyReusePeriodSeconds: z.coerce.number().int().min(60).max(900).optional(),
  })
  .refine(
    ({ Type, KmsKeyId }) => (Type === 'CUSTOMER_MANAGED_KMS_KEY') === (KmsKeyId !== undefined),
    'KmsKeyId goes with CUSTOMER_MANAGED_KMS_KEY, and with no other Type',
  );

/** Without DefinitionS3Location: an assembly has its definition inside of the template. */
export const propertiesSchema = z.strictObject({
  StateMachineName: machineName.optional(),
  StateMachineType: z.string().default('STANDARD'),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: objectSchema.optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  // An execution's history has all that its log and its trace would say: they are checked, and change nothing here.
  LoggingConfiguration: loggingSchema.optional(),
  TracingConfiguration: z.strictObject({ Enabled: templateBoolean.optional() }).optional(),
  EncryptionConfiguration: encryptionSchema.optional(),
  Tags: inert(tagList),
});

type Properties = z.infer<typeof propertiesSchema>;

/** Makes or changes a state machine: running executions keep the definition that they began with. */
export async function makeMachine(
  cloud: Cloud,
  tables: Tables,
  given: Properties,
  resource: Resource,
): Promise<Provisioned> {
  if (given.StateMachineType !== 'STANDARD')
    throw unsupported(`the state machine type ${given.StateMachineType} of ${resource.logicalId}`);
  const definition = textOf(given, resource.logicalId);
  let waitsForBuilds = false;
  readDefinition(definition, (resource, parameters) => {
    const { check, isJob } = taskOf(resource);
    waitsForBuilds ||= isJob === true;
    check?.(parameters ?? {}, cloud);
  });
  const machine = machineFrom(cloud, tables, given.StateMachineName ?? resource.generatedName, {
    roleArn: given.RoleArn,
    definitionId: createHash('sha256').update(definition).digest('hex'),
  });
  const role = machineRole(cloud, { roleArn: machine.roleArn, machineArn: machine.arn });
  checkLogging(cloud, role, given);
  if (waitsForBuilds) checkManagedRule(cloud, role);
  tables.live.set(machine.arn, machine);
  await tables.store.transaction(() => {
    void tables.definitions.put(machine.definitionId, definition);
    void tables.machines.put(machine.arn, machine);
  });
  const attributes = { Arn: machine.arn, Name: machine.name, StateMachineRevisionId: machine.definitionId };
  return { ref: machine.arn, attributes };
}

// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
const LOG_ACTIONS = ['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DescribeLogGroups'];

/** @throws AccessDeniedException for a role that may not deliver the machine's log, at which Step Functions looks at once */
function checkLogging(cloud: Cloud, role: Principal, { LoggingConfiguration: logging }: Properties): void {
  if (!logging || logging.Level === 'OFF') return;
  const denied = LOG_ACTIONS.find((action) => !cloud.policies.allows(role, `logs:${action}`, '*'));
  if (denied === undefined) return;
  throw new AwsError(
    'AccessDeniedException',
    `the state machine IAM Role ${role.arn} is not authorized to access the Log Destination: allow logs:${denied} on *`,
  );
}

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html
const BUILD_RULE = 'rule/StepFunctionsGetEventForCodeBuildStartBuildRule';
const RULE_ACTIONS = ['PutTargets', 'PutRule', 'DescribeRule'].map((action) => `events:${action}`);

/** @throws AccessDeniedException for a role that may not keep the rule that tells of a build's end, at which Step Functions looks at once */
function checkManagedRule({ region, account, policies }: Cloud, role: Principal): void {
  const arn = `arn:aws:events:${region}:${account}:${BUILD_RULE}`;
  const denied = RULE_ACTIONS.find((action) => !policies.allows(role, action, arn));
  if (denied === undefined) return;
  throw new AwsError(
    'AccessDeniedException',
    `'${role.arn}' is not authorized to create managed-rule: allow ${denied} on ${arn}`,
  );
}

/** The role that Step Functions takes up for a machine. @throws AccessDenied when the role does not trust it */
export const machineRole = (
  cloud: Cloud,
  { roleArn, machineArn }: { readonly roleArn: string; readonly machineArn: string },
): Principal => cloud.assume(roleArn, cloud.acting('states.amazonaws.com', machineArn));

function textOf(given: Properties, logicalId: string): string {
  if ((given.DefinitionString === undefined) === (given.Definition === undefined))
    throw new AwsError(
      'ValidationException',
      `the state machine ${logicalId} needs a Definition or a DefinitionString, and one of them alone`,
    );
  const text = given.DefinitionString ?? JSON.stringify(given.Definition);
  return text.replaceAll(/\$\{([\w.]+)\}/g, (whole, name: string) => {
    const value = given.DefinitionSubstitutions[name];
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
  });
}

function machineFrom(
  cloud: Cloud,
  tables: Tables,
  name: string,
  now: Pick<Machine, 'roleArn' | 'definitionId'>,
): Machine {
  const arn = `arn:aws:states:${cloud.region}:${cloud.account}:stateMachine:${name}`;
  const former = tables.machines.get(arn);
  const same = former?.definitionId === now.definitionId && former.roleArn === now.roleArn;
  const time = Date.now();
  const updateDate = same ? former.updateDate : time;
  return { arn, name, type: 'STANDARD', ...now, creationDate: former?.creationDate ?? time, updateDate };
}
