import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { unsupported } from '../core/aws-error.ts';
import type { Resource, Service } from '../core/cloud.ts';
import { makeResource } from '../core/gate.ts';
import { checkParts } from './absent-parts.ts';
import type { Stack } from './assembly.ts';
import type { DeployedStack, Deployment, MadeResource, Output } from './deployed-stack.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { checkParameters } from './parameters-check.ts';
import { physicalNames } from './physical-names.ts';
import { inOrder, scopeOf } from './scope.ts';
import { checkTemplate } from './template-check.ts';

/**
 * Makes every resource of a stack, each after those that it refers to.
 * @throws for a resource type that no service of this runtime makes, naming the type
 */
export async function deployStack(deployment: Deployment): Promise<DeployedStack> {
  check(deployment);
  return updateResources(deployment, new Map());
}

/**
 * Brings a running stack to another template, as CloudFormation does: makes what is new, changes what is different,
 * leaves alone what is the same, and then takes away what is gone.
 * @param former what stands, and the template it was made of
 * @throws when a resource cannot be made, changed or removed; the stack is then as it was
 */
export async function updateStack(
  deployment: Deployment,
  former: { readonly deployed: DeployedStack; readonly stack: Stack },
): Promise<DeployedStack> {
  check(deployment);
  const standing = new Map(former.deployed.resources.map((made) => [made.logicalId, made]));
  try {
    return { ...(await updateResources(deployment, standing)), updatedAt: new Date() };
  } catch (error) {
    await updateResources({ ...deployment, stack: former.stack }, standing).catch((cause) => {
      throw new Error(`${String(error)}; going back failed too: ${String(cause)}: start it again`, { cause });
    });
    throw error;
  }
}

function check({ stack, parameters }: Deployment): void {
  checkTemplate(stack);
  checkParameters(stack, parameters);
}

/** @param standing the made resources by their logical ids, kept up to date on the way */
async function updateResources(
  deployment: Deployment,
  standing: Map<string, MadeResource>,
): Promise<DeployedStack> {
  const { stack, services } = deployment;
  const id = `arn:aws:cloudformation:${deployment.region}:${deployment.account}:stack/${stack.name}/local`;
  const made = new Map<string, MadeResource>();
  const scope = scopeOf(deployment, id, made);
  const ordered = inOrder(stack, scope);
  const gone = [...standing.values()].filter(({ logicalId }) => !ordered.includes(logicalId));
  const names = physicalNames(deployment.others ?? []);
  const removals = gone.flatMap((old) => removalOf(services, stack.name, old) ?? []);
  for (const logicalId of ordered) {
    const resource = resourceOf(stack, logicalId, scope);
    names.take(resource);
    const before = standing.get(logicalId);
    if (before && isSame(before, resource)) {
      made.set(logicalId, before);
      continue;
    }
    // After a failure half-way, the state of the resource is not known.
    standing.delete(logicalId);
    const now = await make(services, resource, stack);
    made.set(logicalId, now);
    standing.set(logicalId, now);
    if (before && before.ref !== now.ref)
      removals.push(...[removalOf(services, stack.name, before) ?? []].flat());
  }
  const others = (deployment.others ?? []).flatMap(({ resources }) => resources);
  checkParts(stack.name, [...made.values()], [...made.values(), ...others]);
  for (const { old, remove } of removals.reverse()) {
    await remove();
    if (standing.get(old.logicalId) === old) standing.delete(old.logicalId);
  }
  return {
    name: stack.name,
    id,
    resources: [...made.values()],
    outputs: outputsOf(stack, scope, deployment.others ?? []),
    source: stack.source,
  };
}

function resourceOf(stack: Stack, logicalId: string, scope: Scope): Resource {
  const { Type: type, Properties } = stack.template.Resources[logicalId] ?? { Type: '', Properties: {} };
  const properties = resolve(Properties, scope) as Record<string, unknown>;
  refuseDynamicReferences(properties, logicalId);
  return {
    stackName: stack.name,
    logicalId,
    type,
    properties,
    generatedName: generatedName(stack.name, logicalId),
  };
}

/** @throws UnsupportedOperation for a reference that CloudFormation replaces by the value of a parameter or a secret */
function refuseDynamicReferences(properties: unknown, logicalId: string): void {
  const [reference] = /\{\{resolve:[^}]*\}\}/.exec(JSON.stringify(properties)) ?? [];
  if (reference) throw unsupported(`the dynamic reference ${reference} of ${logicalId}`);
}

/** @throws for a change of type, which CloudFormation refuses too */
function isSame(before: MadeResource, resource: Resource): boolean {
  if (before.type !== resource.type)
    throw new Error(
      `${resource.logicalId} of stack ${resource.stackName} was ${before.type} and cannot become ${resource.type}: give it another logical id`,
    );
  return isDeepStrictEqual(before.properties, resource.properties);
}

async function make(
  services: readonly Service[],
  resource: Resource,
  { template }: Stack,
): Promise<MadeResource> {
  const { type, logicalId, stackName, properties } = resource;
  const service = services.find(({ resources }) => Object.hasOwn(resources, type));
  if (!service) throw unsupported(`${type} (${logicalId} of stack ${stackName})`);
  try {
    const retained = template.Resources[logicalId]?.DeletionPolicy?.startsWith('Retain') ?? false;
    return { ...(await makeResource(service, resource)), logicalId, type, properties, retained };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${type} ${logicalId} of stack ${stackName}: ${why}`, { cause });
  }
}

/**
 * The removal of a resource that the stack gives up; undefined for one that is retained.
 * @throws for a resource that cannot be removed
 */
function removalOf(
  services: readonly Service[],
  stackName: string,
  old: MadeResource,
): { readonly old: MadeResource; readonly remove: () => Promise<void> | void } | undefined {
  const { logicalId, type, properties, retained } = old;
  if (retained) return undefined;
  const known = services.find(({ resources }) => Object.hasOwn(resources, type))?.resources[type];
  if (!known?.remove)
    throw unsupported(
      `the removal of ${type} ${logicalId} of stack ${stackName} while it runs; start it again`,
    );
  const resource = {
    stackName,
    logicalId,
    type,
    properties,
    generatedName: generatedName(stackName, logicalId),
  };
  const { remove } = known;
  return { old, remove: () => remove(resource, old) };
}

/** @throws for an export whose name another one has, of this stack or of another */
function outputsOf(stack: Stack, scope: Scope, others: readonly DeployedStack[]): Output[] {
  const exported = new Map(
    others.flatMap(({ name, outputs }) =>
      outputs.flatMap(({ exportName }) => (exportName === undefined ? [] : [[exportName, name] as const])),
    ),
  );
  return Object.entries(stack.template.Outputs).flatMap(([key, output]) => {
    const { Value, Description, Condition, Export } = output;
    if (Condition !== undefined && !scope.condition(Condition)) return [];
    const exportName = Export && String(resolve(Export.Name, scope));
    const other = exportName === undefined ? undefined : exported.get(exportName);
    if (other !== undefined)
      throw new Error(
        `the output ${key} of stack ${stack.name} is exported as ${exportName}, as one of stack ${other} is: give it another name`,
      );
    if (exportName !== undefined) exported.set(exportName, stack.name);
    return {
      key,
      value: String(resolve(Value, scope)),
      ...(Description !== undefined && { description: Description }),
      ...(exportName !== undefined && { exportName }),
    };
  });
}

/** The physical name that CloudFormation would make up, but the same at every start, as the data hangs on it. */
function generatedName(stackName: string, logicalId: string): string {
  const hash = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12);
  return `${stackName}-${logicalId.slice(0, 40)}-${hash}`;
}
