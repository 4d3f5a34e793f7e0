import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { documentText, identityDocument, type Statement, trustDocument } from '../../core/iam/document.ts';
import type { Collection } from '../../core/store.ts';
import { arnOf, MAX_INLINE, MAX_TRUST, role, roleName } from './role.ts';

/** A role that calls have made, for a service to take up. */
interface MadeRole {
  readonly name: string;
  readonly trust: readonly Statement[];
  /** inline policies by their names */
  readonly policies: Readonly<Record<string, readonly Statement[]>>;
}

export interface State {
  readonly cloud: Cloud;
  /** by name */
  readonly roles: Collection<MadeRole>;
  /** names of the template's roles */
  readonly fromTemplate: Set<string>;
}

export const stateOf = (cloud: Cloud): State => ({
  cloud,
  roles: cloud.store.collection('iam/roles'),
  fromTemplate: new Set(),
});

const ofServices = trustDocument.refine(
  (statements) =>
    statements.every(
      ({ Principal }) => Principal !== undefined && Object.keys(Principal).join() === 'Service',
    ),
  'the local runtime supports roles of calls that trust services alone: name them as Principal.Service',
);

export const createInput = z.strictObject({ RoleName: roleName, AssumeRolePolicyDocument: z.string() });

/** @throws EntityAlreadyExists, MalformedPolicyDocument */
export async function createRole(
  state: State,
  { RoleName, AssumeRolePolicyDocument }: z.infer<typeof createInput>,
): Promise<object> {
  if (state.fromTemplate.has(RoleName) || state.roles.get(RoleName))
    throw new AwsError('EntityAlreadyExists', `Role with name ${RoleName} already exists.`, 409);
  const trust = parsed(ofServices, AssumeRolePolicyDocument, MAX_TRUST);
  await keep(state, { name: RoleName, trust, policies: {} });
  const { Arn, RoleId } = role(state.cloud, RoleName).attributes;
  return {
    Role: {
      ...{ Path: '/', RoleName, RoleId, Arn, CreateDate: new Date() },
      AssumeRolePolicyDocument: encodeURIComponent(AssumeRolePolicyDocument),
    },
  };
}

const policyName = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'holds 1 to 128 of A-Z a-z 0-9 _ + = , . @ -');
export const roleInput = z.strictObject({ RoleName: z.string() });
export const policyInput = roleInput.extend({ PolicyName: policyName });
export const putPolicyInput = policyInput.extend({ PolicyDocument: z.string() });

/** @throws NoSuchEntity, MalformedPolicyDocument; UnsupportedOperation for a role of the template */
export async function putRolePolicy(
  state: State,
  { RoleName, PolicyName, PolicyDocument }: z.infer<typeof putPolicyInput>,
): Promise<void> {
  const made = roleOf(state, RoleName);
  const policy = parsed(identityDocument, PolicyDocument, MAX_INLINE);
  await keep(state, { ...made, policies: { ...made.policies, [PolicyName]: policy } });
}

/** @throws NoSuchEntity; UnsupportedOperation for a role of the template */
export async function deleteRolePolicy(
  state: State,
  { RoleName, PolicyName }: z.infer<typeof policyInput>,
): Promise<void> {
  const made = roleOf(state, RoleName);
  if (!Object.hasOwn(made.policies, PolicyName))
    throw noEntity(`The role policy with name ${PolicyName} cannot be found.`);
  const { [PolicyName]: _gone, ...policies } = made.policies;
  await keep(state, { ...made, policies });
}

/** @throws NoSuchEntity, DeleteConflict; UnsupportedOperation for a role of the template */
export async function deleteRole(state: State, { RoleName }: z.infer<typeof roleInput>): Promise<void> {
  const { policies } = roleOf(state, RoleName);
  if (Object.keys(policies).length > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
  await state.roles.remove(RoleName);
  const arn = arnOf(state.cloud, 'role', RoleName);
  for (const id of [arn, inlineId(arn)]) state.cloud.policies.remove(id);
}

function roleOf({ fromTemplate, roles }: State, name: string): MadeRole {
  if (fromTemplate.has(name)) throw unsupported(`a change to the role ${name}, which the template defines`);
  const made = roles.get(name);
  if (!made) throw noEntity(`The role with name ${name} cannot be found.`);
  return made;
}

function parsed<S extends z.ZodType>(schema: S, text: string, most: number): z.output<S> {
  if (text.length > most) throw new AwsError('LimitExceeded', `a policy has ${most} characters at most`, 409);
  const { data, error } = documentText(schema).safeParse(text);
  if (error) throw new AwsError('MalformedPolicyDocument', z.prettifyError(error));
  return data as z.output<S>;
}

async function keep(state: State, made: MadeRole): Promise<void> {
  await state.roles.put(made.name, made);
  register(state.cloud, made);
}

/** What calls have made before is in force again, but for a role whose name the template has now. */
export async function registerMade({ cloud, roles, fromTemplate }: State): Promise<void> {
  for (const { value } of [...roles.entries()]) {
    if (fromTemplate.has(value.name)) await roles.remove(value.name);
    else register(cloud, value);
  }
}

function register(cloud: Cloud, { name, trust, policies }: MadeRole): void {
  const { Arn } = role(cloud, name).attributes;
  cloud.policies.trust(Arn, trust);
  cloud.policies.identity(inlineId(Arn), [Arn], Object.values(policies).flat());
}

/** The inline policies of a role, which are one to the register. */
export const inlineId = (arn: string): string => `${arn}/inline`;

const noEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
