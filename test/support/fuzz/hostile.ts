import fc from 'fast-check';

/** Texts that have broken programs, and whatever else. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...knownTexts()) },
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

function knownTexts(): string[] {
  const objects = ['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '[object Object]'];
  const numbers = ['-1', '0', '1', '1e999', '99999999999999999999', '0000-00-00', '2026-01-01T00:00:00Z'];
  const paths = [
    '..',
    '.',
    '/',
    '//',
    '%2e%2e',
    '%00',
    '\0',
    '%ff',
    '%c0%af',
    '%',
    '%zz',
    '%u0000',
    '\\',
    '?',
  ];
  const shells = [
    '$(id)',
    "';--",
    '"',
    '{',
    '}',
    '[',
    '<script>',
    '\t',
    '\r\n',
    '\u202e',
    '*',
    '&',
    '=',
    ';',
  ];
  const own = ['acme', 'app', 'hookline', 'demo', 'default', 'localhost', 'refs/heads/main', 'HEAD'];
  return [...objects, ...numbers, ...paths, ...shells, ...own, 'x'.repeat(3000), 'a'.repeat(40)];
}

/** A part of an address: encoded, or its bytes as they are but for what would end the line. */
export const hostilePart: fc.Arbitrary<string> = fc.tuple(hostileText, fc.boolean()).map(([text, encoded]) =>
  encoded
    ? encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''))
    : Buffer.from(text)
        .toString('latin1')
        .replace(/[\0\r\n ]/g, '+'),
);

/** What a header may hold: HTTP's parser refuses the rest. */
export const hostileHeader: fc.Arbitrary<string> = hostileText.map((text) =>
  text.replace(/[^\t\x20-\x7e]/g, 'x').trim(),
);

/** A value of JSON, with the names of an object's own members among its keys. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53),
    hostileText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(hostileText, tie('value')), { maxLength: 4 }).map(Object.fromEntries),
  ),
})).value;

/** The same with some members gone or replaced, at any depth. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(value);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    to: fc.option(hostileJson, { nil: undefined }),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((changed, { path, to }) => withChange(changed, path, to), value));
}

type Path = readonly string[];

function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...pathsIn(inner).map((path) => [name, ...path]),
  ]);
}

/** A copy with another value there; without the member for `undefined`. */
function withChange(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  const members = new Map(Object.entries(value));
  const changed = withChange(members.get(name), rest, to);
  if (changed === undefined) members.delete(name);
  else members.set(name, changed);
  return Array.isArray(value) ? [...members.values()] : Object.fromEntries(members);
}

/** Bodies that are JSON, nearly JSON, or nothing of the kind. */
export const hostileBody = (like: unknown): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 4, arbitrary: mutated(like).map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
    hostileJson.map((value) => Buffer.from(JSON.stringify(value))),
    fc.constantFrom(...knownBodies()),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );

function knownBodies(): Buffer[] {
  const deep = 20_000;
  const texts = ['', '{', '\ufeff{}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '{"n":1e999}', '{"n":-0}'];
  const escapes = ['{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"a":"\\uzzzz"}'];
  const nested = ['{"a":'.repeat(deep), `${'['.repeat(deep)}${']'.repeat(deep)}`];
  const bytes = [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), Buffer.from('{"a":"\xc0\xaf"}', 'latin1')];
  return [...[...texts, ...escapes, ...nested].map((text) => Buffer.from(text)), ...bytes];
}
