import * as z from 'zod';
import type { Grant, Runtime } from '../../../local/index.ts';

/** Something that a policy of the template allows, as a person reads it. */
export interface Granted {
  /** `Functions/publish/Role s3:PutObject on s3:::…` */
  readonly name: string;
  covers(grant: Grant): boolean;
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statement = z.looseObject({
  Effect: z.string(),
  Action: list.default(['*']),
  Resource: list.optional(),
  Principal: z.unknown().optional(),
});
const document = z.looseObject({ Statement: z.array(statement) });
const policy = z.looseObject({ PolicyDocument: document, Roles: z.array(z.string()).optional() });
const role = z.looseObject({
  AssumeRolePolicyDocument: document,
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const permission = z.looseObject({ Action: z.string(), FunctionName: z.string(), Principal: z.string() });
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Metadata: z.looseObject({ 'aws:cdk:path': z.string().default('') }).prefault({}) }),
  ),
});

type Resource = Runtime['stacks'][number]['resources'][number];

/** Everything that the policies of a deployed stack allow, but for what lets nobody in and only denies. */
export function grantedBy({ stacks: [stack] }: Pick<Runtime, 'stacks'>): Granted[] {
  if (!stack) throw new Error('the runtime has no stack');
  const { Resources } = templateSchema.parse(JSON.parse(stack.source));
  const pathOf = (logicalId: string): string =>
    (Resources[logicalId]?.Metadata['aws:cdk:path'] ?? logicalId)
      .replace(`${stack.name}/`, '')
      .replace(/\/Resource$/, '');
  const roleNamed = (name: string): string =>
    pathOf(
      stack.resources.find(({ type, ref }) => type === 'AWS::IAM::Role' && ref === name)?.logicalId ?? name,
    );
  return stack.resources.flatMap((resource) => {
    const { type, properties, logicalId } = resource;
    if (type === 'AWS::IAM::Role') return ofRole(resource, pathOf(logicalId));
    if (type === 'AWS::Lambda::Permission') return ofPermission(resource, pathOf(logicalId));
    const parsed = policy.safeParse(properties);
    if (!parsed.success) return [];
    const { PolicyDocument, Roles } = parsed.data;
    const holder = Roles ? Roles.map(roleNamed).join(' ') : pathOf(logicalId);
    return ofDocument(resource.ref, holder, PolicyDocument);
  });
}

function ofDocument(id: string, holder: string, { Statement }: z.output<typeof document>): Granted[] {
  return Statement.flatMap(({ Effect, Action, Resource, Principal }, index) =>
    Effect !== 'Allow'
      ? []
      : Action.flatMap((action) =>
          (Resource ?? [undefined]).map((resource) => ({
            name: `${holder} ${action} ${resource === undefined ? byWhom(Principal) : `on ${brief(resource)}`}`,
            covers: (grant: Grant) =>
              grant.policy === id &&
              grant.statement === index &&
              grant.action === action &&
              grant.resource === resource,
          })),
        ),
  );
}

function ofRole({ properties, attributes }: Resource, holder: string): Granted[] {
  const { AssumeRolePolicyDocument, ManagedPolicyArns } = role.parse(properties);
  return [
    ...ofDocument(attributes?.Arn ?? '', holder, AssumeRolePolicyDocument),
    // AWS's own policies are AWS's to cut: whole, or not at all.
    ...ManagedPolicyArns.map((arn) => ({
      name: `${holder} ${arn.split('/').at(-1)}`,
      covers: (grant: Grant) => grant.policy === arn,
    })),
  ];
}

function ofPermission({ ref, properties }: Resource, holder: string): Granted[] {
  const { Action, FunctionName, Principal } = permission.parse(properties);
  return [
    {
      name: `${holder} ${Action} on ${brief(FunctionName)} by ${Principal}`,
      covers: (grant) => grant.policy === ref,
    },
  ];
}

const brief = (arn: string): string => arn.replace(/^arn:aws:/, '').replace(/us-east-1:\d{12}:/, '');

const byWhom = (principal: unknown): string =>
  `by ${Object.values(Object(principal)).flat().map(String).map(brief).join(' ')}`;
