import { creationSteps, neededWaits } from './creation-order.ts';
import { pathOf, type Template } from './template.ts';

const HEADING = '### The order of a first deploy';

const INTRODUCTION = `${HEADING}

Derived from the template with the settings and rules of this folder: CloudFormation makes what is in a step at once, when the steps before
are done. \`npx vitest run --project=template test/infra/creation-order.template.test.ts -u\` writes it anew.
`;

// Of more names than these, the first is said.
const MANY = 5;

/** docs/deploy.md, in which the section of the order is written of the template. */
export function pageWithOrder(page: string, template: Template): string {
  const [before = '', rest = ''] = page.split(HEADING);
  const next = /^## /m.exec(rest)?.index ?? rest.length;
  return [before + INTRODUCTION, stepsTable(template), waitsTable(template), rest.slice(next)].join('\n');
}

function stepsTable(template: Template): string {
  const rows = creationSteps(template).map((ids, index) => {
    const counts = new Map<string, number>();
    for (const type of ids.map((id) => template.Resources[id]?.Type ?? ''))
      counts.set(type, (counts.get(type) ?? 0) + 1);
    const cells = [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => `${count} ${short(type)}`);
    return `| ${index + 1} | ${cells.join(', ')} |`;
  });
  return ['| step | what is made |', '| --- | --- |', ...rows, ''].join('\n');
}

const short = (type: string): string => type.replace('AWS::', '').replace('::', ' ');

function waitsTable(template: Template): string {
  const name = (id: string): string => {
    const resource = template.Resources[id];
    return resource
      ? pathOf(id, resource)
          .replace(/^Hookline\//, '')
          .replace(/\/Resource$/, '')
      : id;
  };
  const groups = new Map<string, { of: Set<string>; on: Set<string> }>();
  for (const { id, on, because } of neededWaits(template)) {
    const group = groups.get(because) ?? { of: new Set(), on: new Set() };
    groups.set(because, { of: group.of.add(`\`${name(id)}\``), on: group.on.add(`\`${name(on)}\``) });
  }
  const few = (names: ReadonlySet<string>): string =>
    names.size > MANY ? `${[...names][0]} and ${names.size - 1} others like it` : [...names].join(', ');
  const rows = [...groups].map(([because, { of, on }]) => `| ${few(of)} | ${few(on)} | ${because} |`);
  return ['| what | waits for | because |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
