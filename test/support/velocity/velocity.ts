import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TemplateInput } from '../../../local/services/api-gateway/template.ts';

// Where Debian's packages put them.
const JARS = ['velocity', 'commons-collections3', 'commons-lang'].map(
  (name) => `/usr/share/java/${name}.jar`,
);
const PROGRAM = fileURLToPath(new URL('Render.java', import.meta.url));

/** A mapping template, and the request that it is rendered for. */
export interface VelocityCase {
  readonly template: string;
  readonly input: TemplateInput;
}

export interface Rendered {
  readonly text: string;
  /** the status that the template has set, or nothing */
  readonly status: string;
}

/** What Apache Velocity makes of templates, in one start of Java. @throws with what Java printed when it fails */
export async function renderByVelocity(cases: readonly VelocityCase[]): Promise<Rendered[]> {
  const { stdout } = await execa('java', ['-cp', JARS.join(':'), PROGRAM], {
    input: Buffer.concat([number(cases.length), ...cases.flatMap(written)]),
    encoding: 'buffer',
    maxBuffer: 1_000_000_000,
  });
  const read = reader(Buffer.from(stdout));
  return cases.map(() => ({ text: read(), status: read() }));
}

function written({ template, input: { body, headers } }: VelocityCase): Buffer[] {
  const parsed: unknown = JSON.parse(body);
  const members = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {});
  const json = [
    ['$', JSON.stringify(parsed)],
    ...members.map(([name, value]) => [`$['${name}']`, JSON.stringify(value)]),
  ];
  return [text(template), text(body), map([...headers]), map(json), ...paths(parsed, members)];
}

// What the door's templates ask for of a payload, and of an answer of EventBridge.
const PATHS: Readonly<Record<string, readonly string[]>> = {
  '$.repository.full_name': ['repository', 'full_name'],
  '$.ref': ['ref'],
  '$.__type': ['__type'],
  '$.FailedEntryCount': ['FailedEntryCount'],
  '$.Entries[0].EventId': ['Entries', '0', 'EventId'],
  '$.Entries[0].ErrorCode': ['Entries', '0', 'ErrorCode'],
};

function paths(parsed: unknown, members: readonly [string, unknown][]): Buffer[] {
  const values = Object.entries(PATHS).flatMap(([path, names]) => {
    // What is not there is an empty text.
    const value = names.reduce(memberOf, parsed) ?? '';
    return [text(path), text(typeof value), typeof value === 'object' ? texts(value) : text(String(value))];
  });
  const names = map(members.map(([name]) => [name, '']));
  return [number(Object.keys(PATHS).length + 1), text('$'), text('object'), names, ...values];
}

const texts = (value: object): Buffer =>
  map(Object.entries(value).map(([name, member]) => [name, String(member)]));

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([each]) => each === name)?.[1]
    : undefined;

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

const map = (entries: readonly (readonly string[])[]): Buffer =>
  Buffer.concat([number(entries.length), ...entries.flat().map(text)]);

/** Reads one text after the other. */
function reader(bytes: Buffer): () => string {
  let at = 0;
  return () => {
    const start = at + 4;
    at = start + bytes.readInt32BE(at);
    return bytes.toString('utf8', start, at);
  };
}
