import * as z from 'zod';

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/** The keywords of JSON Schema that a model may have. A model with any other keyword is refused when it is made. */
export interface Schema {
  readonly type?: (typeof types)[number] | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly enum?: readonly unknown[] | undefined;
}

export const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z
    .strictObject({
      $schema: z.string().optional(),
      title: z.string().optional(),
      description: z.string().optional(),
      type: z.enum(types).optional(),
      required: z.array(z.string()).optional(),
      properties: z.record(z.string(), schemaSchema).optional(),
      items: schemaSchema.optional(),
      enum: z.array(z.unknown()).optional(),
    })
    .transform(({ type, required, properties, items, enum: values }) => ({
      type,
      required,
      properties,
      items,
      enum: values,
    })),
);

/** The problems of a body, in API Gateway's words; none for a valid one. */
export function violations(schema: Schema, value: unknown): string[] {
  const type = typeOf(value);
  if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
    return [
      `instance type (${type}) does not match any allowed primitive type (allowed: ["${schema.type}"])`,
    ];
  if (schema.enum && !schema.enum.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value)))
    return [
      `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(schema.enum)})`,
    ];
  if (Array.isArray(value))
    return value.flatMap((item) => (schema.items ? violations(schema.items, item) : []));
  if (typeof value !== 'object' || value === null) return [];
  const members = new Map(Object.entries(value));
  const missing = (schema.required ?? []).filter((name) => !members.has(name));
  return [
    ...(missing.length > 0 ? [`object has missing required properties (${JSON.stringify(missing)})`] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      members.has(name) ? violations(inner, members.get(name)) : [],
    ),
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
