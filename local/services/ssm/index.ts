import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { parseStrictly } from '../../core/input.ts';
import type { Collection } from '../../core/store.ts';

interface Parameter {
  readonly value: string;
  readonly type: string;
  readonly version: number;
  /** epoch seconds */
  readonly modified: number;
  readonly description?: string | undefined;
  /** the template's value at the last deployment; only a change of it writes over what was put since */
  readonly declared?: string | undefined;
}

const nameSchema = z.strictObject({ Name: z.string() });
// There is nothing to decrypt.
const decryption = { WithDecryption: z.boolean().optional() };
const getSchema = nameSchema.extend(decryption);
const namesSchema = z.strictObject({ Names: z.array(z.string()), ...decryption });
const listSchema = z.strictObject({});
const putSchema = z.strictObject({
  Name: z.string().min(1),
  Value: z.string(),
  Type: z.string().default('String'),
  Description: z.string().optional(),
  Overwrite: z.boolean().default(false),
  Tier: z.literal('Standard').optional(),
  DataType: z.literal('text').optional(),
});

const parse = <T>(schema: z.ZodType<T>, input: unknown): T =>
  parseStrictly(schema, input, 'this Parameter Store request');

// The standard tier's limit.
const MAX_VALUE_BYTES = 4096;

/** Systems Manager's Parameter Store: standard `String` parameters and lists. */
export function ssmService(cloud: Cloud): Service {
  const parameters = cloud.store.collection<Parameter>('ssm/parameters');
  const described = (name: string) => describe(cloud, name, found(parameters, name));
  return {
    name: 'ssm',
    operations: {
      GetParameter: (input) => ({ Parameter: described(parse(getSchema, input).Name) }),
      GetParameters: (input) => {
        const { Names } = parse(namesSchema, input);
        const [known, unknown] = [Names.filter(isKnown), Names.filter((name) => !isKnown(name))];
        return { Parameters: known.map(described), InvalidParameters: unknown };
      },
      PutParameter: (input) => putParameter(parameters, input),
      DeleteParameter: async (input) => {
        const { Name } = parse(nameSchema, input);
        found(parameters, Name);
        await parameters.remove(nameOf(cloud, Name));
        return {};
      },
      DescribeParameters: (input) => {
        parse(listSchema, input);
        const Parameters = [...parameters.entries()].map(({ key, value }) => {
          const { Value: _, ...metadata } = describe(cloud, String(key), value);
          return metadata;
        });
        return { Parameters };
      },
    },
    resources: { 'AWS::SSM::Parameter': (resource) => provision(parameters, resource) },
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

async function putParameter(parameters: Collection<Parameter>, input: unknown): Promise<object> {
  const { Name, Value, Type, Description, Overwrite } = parse(putSchema, input);
  if (Type === 'SecureString') throw unsupported('the SSM parameter type SecureString');
  if (Buffer.byteLength(Value) > MAX_VALUE_BYTES)
    throw new AwsError('ValidationException', `the value of ${Name} is longer than ${MAX_VALUE_BYTES} bytes`);
  const kept = parameters.get(Name);
  if (kept && !Overwrite)
    throw new AwsError('ParameterAlreadyExists', `the parameter ${Name} exists: set Overwrite to replace it`);
  const version = (kept?.version ?? 0) + 1;
  await parameters.put(Name, {
    ...kept,
    value: Value,
    type: Type,
    version,
    modified: Date.now() / 1000,
    description: Description ?? kept?.description,
  });
  return { Version: version, Tier: 'Standard' };
}

const propertiesSchema = z.strictObject({
  Name: z.string().optional(),
  Type: z.string(),
  Value: z.string(),
  Description: z.string().optional(),
  Tier: z.literal('Standard').optional(),
  DataType: z.literal('text').optional(),
  Tags: z.unknown().optional(),
});

async function provision(parameters: Collection<Parameter>, resource: Resource): Promise<Provisioned> {
  const {
    Name = resource.generatedName,
    Value,
    Type,
    Description,
  } = parseStrictly(propertiesSchema, resource.properties, `the parameter ${resource.logicalId}`);
  const kept = parameters.get(Name);
  if (kept?.declared !== Value) {
    await putParameter(parameters, { Name, Value, Type, Description, Overwrite: true });
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
