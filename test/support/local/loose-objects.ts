import * as z from 'zod';

/** The paths to the objects of a schema that drop members or let unknown ones through; a list's item is `0`, a map's `*`. */
export function looseObjects(schema: z.ZodType): string[] {
  return [...new Set(walk(schema, [], new Set()))];
}

function walk(schema: unknown, path: readonly string[], seen: Set<unknown>): string[] {
  if (!(schema instanceof z.ZodType) || seen.has(schema)) return [];
  const seenHere = new Set([...seen, schema]);
  const below = (part: unknown, ...name: string[]) => walk(part, [...path, ...name], seenHere);
  if (schema instanceof z.ZodObject)
    return [
      ...(schema.def.catchall instanceof z.ZodNever ? [] : [path.join('.')]),
      ...Object.entries(schema.shape).flatMap(([name, member]) => below(member, name)),
    ];
  if (schema instanceof z.ZodArray) return below(schema.element, '0');
  if (schema instanceof z.ZodRecord) return below(schema.valueType, '*');
  if (schema instanceof z.ZodTuple)
    return [
      ...schema.def.items.flatMap((item, index) => below(item, String(index))),
      ...below(schema.def.rest, '*'),
    ];
  if (schema instanceof z.ZodLazy) return below(schema.unwrap());
  // Every other schema holds others as values of its definition: innerType, options, in and out, left and right.
  return Object.values(schema.def).flatMap((part) => [part].flat().flatMap((each) => below(each)));
}
