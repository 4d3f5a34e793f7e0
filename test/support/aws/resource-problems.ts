import type { Property, PropertyType } from '@aws-cdk/service-spec-types';
import * as z from 'zod';
import { resourceSpec, spec } from './service-spec.ts';
import { referenceSchema, referencesIn, type Template } from './template.ts';

/** What CloudFormation gives of itself. */
const PSEUDO = new Set(['AccountId', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix']);

/**
 * What CloudFormation's resource schemas refuse of a template: types, properties, required ones, values of a wrong type or
 * outside of an enum, and references to what is not there. The schemas as AWS publishes them to the CDK have no patterns
 * and no lengths.
 * @returns a line for each problem, with its place
 */
export function resourceProblems(template: Template): string[] {
  return [
    ...Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
      const known = resourceSpec(Type);
      if (!known) return [`${id}: CloudFormation has no resource type ${Type}`];
      return membersProblems(known.properties, Properties, id);
    }),
    ...referenceProblems(template),
  ];
}

function referenceProblems({ Resources, Parameters, Outputs }: Template): string[] {
  return referencesIn([Resources, Outputs]).flatMap(({ to, attribute }) => {
    const resource = Resources[to];
    if (attribute === undefined && (to in Parameters || PSEUDO.has(to.replace(/^AWS::/, '')))) return [];
    if (!resource) return [`a reference to ${to}, which is not in the template`];
    const attributes = resourceSpec(resource.Type)?.attributes ?? {};
    return attribute === undefined || attribute in attributes
      ? []
      : [`a reference to ${to}.${attribute}, and ${resource.Type} has no such attribute`];
  });
}

const objectSchema = z.record(z.string(), z.unknown());

function membersProblems(
  properties: Readonly<Record<string, Property>>,
  value: unknown,
  path: string,
): string[] {
  const members = objectSchema.safeParse(value);
  if (!members.success) return [`${path} is ${JSON.stringify(value)}: expected an object`];
  const required = Object.keys(properties).filter((name) => properties[name]?.required);
  return [
    ...required.filter((name) => !(name in members.data)).map((name) => `${path}.${name} is missing`),
    ...Object.entries(members.data).flatMap(([name, member]) => {
      const property = properties[name];
      return property
        ? anyOf([property.type, ...(property.previousTypes ?? [])], member, `${path}.${name}`)
        : [`${path}.${name} is no property: there are ${Object.keys(properties).join(', ')}`];
    }),
  ];
}

/** The problems of a value under the first of several types, where it fits none of them. */
function anyOf(types: readonly PropertyType[], value: unknown, path: string): string[] {
  const problems = types.map((type) => valueProblems(type, value, path));
  return problems.find(({ length }) => length === 0) ?? problems[0] ?? [];
}

function valueProblems(type: PropertyType, value: unknown, path: string): string[] {
  if (isIntrinsic(value)) return intrinsicProblems(type, value, path);
  const wrong = (expected: string) => [`${path} is ${JSON.stringify(value)}: expected ${expected}`];
  switch (type.type) {
    case 'ref':
      return membersProblems(spec.get('typeDefinition', type.reference).properties, value, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => valueProblems(type.element, item, `${path}[${index}]`))
        : wrong('a list');
    case 'map': {
      const members = objectSchema.safeParse(value);
      if (!members.success || Array.isArray(value)) return wrong('an object');
      return Object.entries(members.data).flatMap(([name, member]) =>
        valueProblems(type.element, member, `${path}.${name}`),
      );
    }
    case 'union':
      return anyOf(type.types, value, path);
    case 'string':
    case 'integer':
      if (type.allowedValues && !type.allowedValues.some((allowed) => allowed === value))
        return wrong(`one of ${type.allowedValues.join(', ')}`);
  }
  return PLAIN[type.type].safeParse(value).success ? [] : wrong(`a value of type ${type.type}`);
}

const PLAIN = {
  string: z.string(),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  json: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]),
  'date-time': z.string(),
  null: z.null(),
  tag: z.strictObject({ Key: z.unknown(), Value: z.unknown() }),
};

const isIntrinsic = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  /^(Ref|Fn::\w+)$/.test(Object.keys(value)[0] ?? '');

// What they make is a text. Of an attribute, the type is its own; `Ref` of a parameter may be a list.
const TEXTS = ['Fn::Join', 'Fn::Sub', 'Fn::Base64', 'Fn::ImportValue'];

function intrinsicProblems(type: PropertyType, value: object, path: string): string[] {
  const [name = ''] = Object.keys(value);
  const made = TEXTS.includes(name) || referenceSchema.safeParse(value).success;
  if (!made) return [`${path} is made by ${name}: this check knows ${TEXTS.join(', ')}, Ref and Fn::GetAtt`];
  return takesText(type) ? [] : [`${path} is made by ${name}: expected a value of type ${type.type}`];
}

const takesText = (type: PropertyType): boolean =>
  type.type === 'union' ? type.types.some(takesText) : ['string', 'json', 'date-time'].includes(type.type);
