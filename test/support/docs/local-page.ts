import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Service } from '../../../local/core/cloud.ts';
import { cloudFormationService } from '../../../local/services/cloudformation/index.ts';
import { servicesOf } from '../../../local/services/index.ts';
import { fakeCloud } from '../../../local/testing.ts';

const HEADING = '## Everything by its name';

const INTRODUCTION = `${HEADING}

Written of the services themselves; \`npx vitest run test/local/services/index.test.ts -u\` writes it anew. An operation, a resource type,
a member or a property that stands nowhere in a service's schemas is refused by its name.
`;

/** docs/local.md: what people wrote of the services, and below a heading what the services say of themselves. */
export async function localPage(path: string, folder: string): Promise<string> {
  const [written = ''] = readFileSync(path, 'utf8').split(HEADING);
  const cloud = fakeCloud(folder);
  const services = [
    ...servicesOf(cloud),
    cloudFormationService(
      () => [],
      () => '',
    ),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { stop } of services) await stop?.();
  await cloud.close();
  return [`${written.trimEnd()}\n`, INTRODUCTION, known(services), withoutEffect(services)].join('\n');
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function known(services: readonly Service[]): string {
  const rows = services.map(({ name, operations, resources }) => {
    const types = Object.keys(resources).sort();
    return `| ${name} | ${code(Object.keys(operations).sort())} | ${code(types)} |`;
  });
  return ['| service | operations | resource types |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function withoutEffect(services: readonly Service[]): string {
  const rows = services.flatMap(({ operations, resources, name }) => [
    ...rowsOf(operations, (operation) => `${name}:${operation}`),
    ...rowsOf(resources, (type) => type),
  ]);
  return [
    'These change nothing on this machine. Those with a form that AWS documents (tags, paths, enumerations, sizes) are refused in any other:\n',
    '| of | members and properties without effect |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** A row for each list of members, with everything that has the list. */
function rowsOf(
  of: Readonly<Record<string, { schema: z.ZodType }>>,
  title: (name: string) => string,
): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, { schema }] of Object.entries(of)) {
    const members = code(membersWithoutEffect(schema).sort());
    if (members !== '') groups.set(members, [...(groups.get(members) ?? []), title(name)]);
  }
  return [...groups].map(([members, names]) => `| ${code(names.sort())} | ${members} |`);
}

/** The paths to the members of a schema that `withoutEffect` made; a list's item is `[]`. */
function membersWithoutEffect(schema: z.ZodType): string[] {
  return [...new Set(walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), ''))];
}

const nodeSchema = z.looseObject({
  withoutEffect: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).default([]),
  allOf: z.array(z.unknown()).default([]),
});

function walk(value: unknown, path: string): string[] {
  const parsed = nodeSchema.safeParse(value);
  if (!parsed.success) return [];
  const { properties, items, additionalProperties, anyOf, allOf, withoutEffect: without } = parsed.data;
  if (without) return [path];
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  return [
    ...Object.entries(properties).flatMap(([name, member]) => walk(member, below(name))),
    ...walk(items, `${path}[]`),
    ...walk(additionalProperties, below('*')),
    ...[...anyOf, ...allOf].flatMap((each) => walk(each, path)),
  ];
}
