import * as z from 'zod';
import { UnknownOperation, unsupported } from './aws-error.ts';
import type { Call, Guards, Operation, Provisioned, Resource, ResourceType, Service } from './cloud.ts';
import { parseStrictly } from './input.ts';

/**
 * An operation whose `run` gets the input as parsed by `schema`. Every object of the schema is strict.
 * @param access the permissions that the caller needs, where core/iam/access.ts cannot tell from the input
 */
export function operation<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>, call: Call) => unknown,
  access?: Operation<S>['access'],
): Operation<S> {
  return access ? { schema, run, access } : { schema, run };
}

/** A resource type whose `make` gets the properties as parsed by `schema`. Every object of the schema is strict. */
export function resourceType<S extends z.ZodType>(
  schema: S,
  make: ResourceType<S>['make'],
  remove?: ResourceType<S>['remove'],
): ResourceType<S> {
  return remove ? { schema, make, remove } : { schema, make };
}

/**
 * Members of a schema's object that a caller may give and that change nothing on this machine, for example encryption.
 * docs/local.md lists them.
 */
export function withoutEffect<Name extends string>(
  ...names: readonly Name[]
): Record<Name, z.ZodOptional<z.ZodUnknown>> {
  const member = () => z.unknown().optional().meta({ withoutEffect: true });
  return Object.fromEntries(names.map((name) => [name, member()])) as Record<
    Name,
    z.ZodOptional<z.ZodUnknown>
  >;
}

/**
 * Carries out one operation of a service. Every call of the runtime, from HTTP or from another service, passes here.
 * @throws UnsupportedOperation for an operation or a member that the service does not have
 */
export function perform(
  service: Service,
  name: string,
  input: unknown,
  call: Call,
  { check, intercept }: Guards = {},
): unknown {
  const known = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (!known) throw new UnknownOperation(service.name, name);
  const given = parseStrictly(known.schema, input, `${service.name}:${name}`, service);
  check?.(service, name, given, call);
  const run = (carried: unknown): unknown => known.run(carried, call);
  return intercept
    ? intercept({ ...call, service: service.name, operation: name, input: given }, run)
    : run(given);
}

/**
 * Makes one resource of a template by its type.
 * @throws UnsupportedOperation for a type or a property that the service does not have
 */
export function makeResource(service: Service, resource: Resource): Promise<Provisioned> | Provisioned {
  const { type, properties } = resource;
  const known = Object.hasOwn(service.resources, type) ? service.resources[type] : undefined;
  if (!known) throw unsupported(type);
  return known.make(parseStrictly(known.schema, properties, type), resource);
}
