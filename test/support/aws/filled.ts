import * as z from 'zod';
import { resourceSpec } from './service-spec.ts';
import { type Reference, referenceSchema, type Template } from './template.ts';

// As long as they are anywhere where CodeBuild's Lambda compute is.
const REGION = 'ap-southeast-1';
const ACCOUNT = '123456789012';
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Hookline',
};
// CloudFormation's own ending of a name that it makes up.
const ENDING = 'ABCDEFGHIJKL';

const joinSchema = z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const subSchema = z.strictObject({ 'Fn::Sub': z.string() });

/** A value as CloudFormation hands it on, with names and ARNs such as AWS makes. */
export function filled(template: Template, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => filled(template, item));
  const reference = referenceSchema.safeParse(value);
  if (reference.success) return referred(template, reference.data);
  const join = joinSchema.safeParse(value);
  if (join.success) {
    const [separator, parts] = join.data['Fn::Join'];
    return parts.map((part) => filled(template, part)).join(separator);
  }
  const sub = subSchema.safeParse(value);
  if (sub.success)
    return sub.data['Fn::Sub'].replace(
      /\$\{([\w:]+)(?:\.(\w+))?\}/g,
      (_all, to: string, attribute?: string) => referred(template, attribute ? { to, attribute } : { to }),
    );
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(template, member)]));
}

function referred({ Resources }: Template, { to, attribute }: Reference): string {
  const resource = Resources[to];
  if (!resource) return PSEUDO[to] ?? to;
  const known = resourceSpec(resource.Type);
  const name = physicalName(to, resource.Properties);
  const arn = (known?.arnTemplate ?? name).replaceAll(/\$\{(\w+)\}/g, (_all, part: string) => {
    const given = PSEUDO[`AWS::${part === 'Account' ? 'AccountId' : part}`];
    return given ?? (resource.Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name);
  });
  const [key = ''] = known?.cfnRefIdentifier ?? known?.primaryIdentifier ?? [];
  // The reference of a secret is its ARN, though the specification calls it an id.
  const isArn = attribute ? /Arn$/.test(attribute) : /Arn$/.test(key) || resource.Type.endsWith('::Secret');
  if (!isArn) return resource.Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  return resource.Type === 'AWS::Logs::LogGroup' ? `${arn}:*` : arn;
}

/** The name that the template gives, or such a one as CloudFormation makes up. */
function physicalName(id: string, properties: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(properties).find(([name]) => /^(\w+Name|Name)$/.test(name))?.[1];
  return typeof given === 'string' ? given.replace(/^\//, '') : `Hookline-${id}-${ENDING}`;
}
