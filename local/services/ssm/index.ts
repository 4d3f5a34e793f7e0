import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { inert, tagMap } from '../../core/forms.ts';
import { operation, resourceType, withoutEffect } from '../../core/gate.ts';
import type { Collection } from '../../core/store.ts';

interface Parameter {
  readonly value: string;
  readonly type: string;
  /** the standard one where nothing is said */
  readonly tier?: keyof typeof MAX_BYTES | undefined;
  readonly version: number;
  /** epoch seconds */
  readonly modified: number;
  readonly description?: string | undefined;
  /** the template's value at the last deployment; only a change of it writes over what was put since */
  readonly declared?: string | undefined;
}

// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
const MAX_NAME = 1011;
const MAX_LEVELS = 15;
const NAME = /^(?:\/?[\w.-]+|(?:\/[\w.-]+){2,})$/;
const RESERVED = /^\/?(?:aws|ssm)/i;

const newName = z
  .string()
  .max(MAX_NAME)
  .regex(NAME, 'a name holds A-Z a-z 0-9 . - _, and begins with / where it has more of them')
  .refine((name) => !RESERVED.test(name), 'no name begins with aws or ssm')
  .refine((name) => name.split('/').length <= MAX_LEVELS + 1, `a name has at most ${MAX_LEVELS} levels`);
// What a reference to another parameter would be written like.
const newValue = z
  .string()
  .min(1)
  .refine((value) => !/\{\{.*\}\}/s.test(value), 'a value holds no {{…}}');
const newDescription = z.string().max(1024).optional();
const type = z.enum(['String', 'StringList', 'SecureString']);

const nameSchema = z.strictObject({ Name: z.string() });
// There is nothing to decrypt.
const decryption = withoutEffect('WithDecryption');
const getSchema = nameSchema.extend(decryption);
const namesSchema = z.strictObject({ Names: z.array(z.string()).min(1).max(10), ...decryption });
/** The largest value of each tier, in bytes. */
const MAX_BYTES = { Standard: 4096, Advanced: 8192 };
const tierSchema = z.enum(['Standard', 'Advanced']).optional();
const putSchema = z.strictObject({
  Name: newName,
  Value: newValue,
  Type: type.optional(),
  Description: newDescription,
  Overwrite: z.boolean().default(false),
  Tier: tierSchema,
  DataType: z.literal('text').optional(),
});

/** Systems Manager's Parameter Store: `String` parameters and lists, of the standard and the advanced tier. */
export function ssmService(cloud: Cloud): Service {
  const parameters = cloud.store.collection<Parameter>('ssm/parameters');
  const described = (name: string) => describe(cloud, name, found(parameters, name));
  return {
    name: 'ssm',
    operations: {
      GetParameter: operation(getSchema, ({ Name }) => ({ Parameter: described(Name) })),
      GetParameters: operation(namesSchema, ({ Names }) => {
        const [known, unknown] = [Names.filter(isKnown), Names.filter((name) => !isKnown(name))];
        return { Parameters: known.map(described), InvalidParameters: unknown };
      }),
      PutParameter: operation(putSchema, (request) => putParameter(parameters, request)),
      DeleteParameter: operation(nameSchema, async ({ Name }) => {
        found(parameters, Name);
        await parameters.remove(nameOf(cloud, Name));
        return {};
      }),
      DescribeParameters: operation(z.strictObject({}), () => {
        const Parameters = [...parameters.entries()].map(({ key, value }) => {
          const { Value: _, ...metadata } = describe(cloud, String(key), value);
          return metadata;
        });
        return { Parameters };
      }),
    },
    resources: {
      'AWS::SSM::Parameter': resourceType(propertiesSchema, (properties, resource) =>
        provision(parameters, properties, resource),
      ),
    },
  };

  function isKnown(name: string): boolean {
    return parameters.get(nameOf(cloud, name)) !== undefined;
  }

  function found(table: Collection<Parameter>, name: string): Parameter {
    const parameter = table.get(nameOf(cloud, name));
    if (!parameter) throw new AwsError('ParameterNotFound', `there is no parameter ${name}`);
    return parameter;
  }
}

/** A parameter may be asked for by its ARN, in which a name without folders gets a slash. */
function nameOf({ region, account }: Cloud, name: string): string {
  const prefix = `arn:aws:ssm:${region}:${account}:parameter`;
  return name.startsWith(prefix) ? name.slice(prefix.length).replace(/^\/(?=[^/]*$)/, '') : name;
}

async function putParameter(
  parameters: Collection<Parameter>,
  request: z.output<typeof putSchema>,
): Promise<object> {
  const { Name, Value, Description, Overwrite } = request;
  const kept = parameters.get(Name);
  const Type = request.Type ?? kept?.type;
  if (Type === 'SecureString') throw unsupported('the SSM parameter type SecureString');
  if (Type === undefined)
    throw new AwsError('ValidationException', `the new parameter ${Name} has no Type: give one`);
  const keptTier = kept?.tier ?? 'Standard';
  const tier = request.Tier ?? keptTier;
  if (keptTier === 'Advanced' && tier === 'Standard')
    throw new AwsError(
      'ValidationException',
      `the parameter ${Name} is of the advanced tier, and none goes back to the standard tier: make another`,
    );
  if (Buffer.byteLength(Value) > MAX_BYTES[tier])
    throw new AwsError('ValidationException', `the value of ${Name} is longer than ${MAX_BYTES[tier]} bytes`);
  if (kept && !Overwrite)
    throw new AwsError('ParameterAlreadyExists', `the parameter ${Name} exists: set Overwrite to replace it`);
  const version = (kept?.version ?? 0) + 1;
  await parameters.put(Name, {
    ...kept,
    value: Value,
    type: Type,
    tier,
    version,
    modified: Date.now() / 1000,
    description: Description ?? kept?.description,
  });
  return { Version: version, Tier: tier };
}

const propertiesSchema = z.strictObject({
  Name: newName.optional(),
  Type: type,
  Value: newValue,
  Description: newDescription,
  Tier: tierSchema,
  DataType: z.literal('text').optional(),
  Tags: inert(tagMap),
});

async function provision(
  parameters: Collection<Parameter>,
  properties: z.output<typeof propertiesSchema>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const { Name = generatedName, Value, Type, Tier, Description } = properties;
  const kept = parameters.get(Name);
  if (kept?.declared !== Value) {
    await putParameter(parameters, { Name, Value, Type, Tier, Description, Overwrite: true });
    const put = parameters.get(Name);
    if (put) await parameters.put(Name, { ...put, declared: Value });
  }
  return { ref: Name, attributes: { Type, Value } };
}

function describe(cloud: Cloud, idOrArn: string, parameter: Parameter): Record<string, unknown> {
  const { region, account } = cloud;
  const name = nameOf(cloud, idOrArn);
  return {
    Name: name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modified,
    ARN: `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: 'text',
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
  };
}
