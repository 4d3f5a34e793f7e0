import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/architecture.md');

/** What stands in backticks, but for whole blocks. */
const quoted = (text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe.each(['docs/architecture.md', 'CONTRIBUTING.md'])('a path of %s', (file) => {
  // With a slash, and without a space or a placeholder.
  const paths = quoted(read(file)).filter((code) => /^[\w.-]+\/[\w./-]*$/.test(code));

  it('is there', () => {
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

const configSchema = z.object({
  forbidden: z.array(
    z.object({
      from: z.object({ path: z.string().optional() }),
      to: z.object({
        path: z.string().optional(),
        pathNot: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
      }),
    }),
  ),
});

/** `events/` of the pattern `^events/rule\.ts`. */
const roomOf = (pattern: string): string => /^\^?(\w+\/)/.exec(pattern)?.[1] ?? pattern;

/** What each room may import of the others, by the rules whose target is every room. */
function enforced(): Map<string, Set<string>> {
  const { forbidden } = configSchema.parse(
    createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')),
  );
  const rooms = new Map<string, Set<string>>();
  for (const { from, to } of forbidden) {
    if (!from.path || !to.path?.startsWith('^(events|')) continue;
    const room = roomOf(from.path);
    const allowed = to.pathNot.map(roomOf).filter((other) => other !== room);
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...allowed]));
  }
  return rooms;
}

/** The rows of a section's table, as cells. */
function rowsOf(heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the table of rooms', () => {
  const rows = rowsOf('The rooms').map(([room = '', , allowed = '']) => ({
    room: quoted(room)[0] ?? '',
    allowed,
  }));
  const rules = [...enforced()];

  it('has a row for every room that has a rule, and one for test/, which may import everything', () => {
    expect(rows.map(({ room }) => room).sort()).toEqual([...rules.map(([room]) => room), 'test/'].sort());
    expect(rows.find(({ room }) => room === 'test/')?.allowed).toBe('everything');
  });

  // What tests share is for the benchmarks too; the rules need not say so.
  const without = (rooms: Iterable<string>) => [...rooms].filter((room) => room !== 'test/').sort();

  it.each(rules)('says of %s what .dependency-cruiser.cjs lets it import', (room, allowed) => {
    const said = rows.find((row) => row.room === room)?.allowed ?? '';
    expect(without(quoted(said))).toEqual(without(allowed));
    if (allowed.size === 0) expect(said).toBe('nothing of ours');
  });
});

const ROOMS = [...enforced().keys()];

describe('an invariant', () => {
  const defined = [...page.matchAll(/^- \*\*(I\d+) /gm)].map(([, name]) => name);

  it('has its number once, in order', () => {
    expect(defined).toEqual(Array.from({ length: 11 }, (_, index) => `I${index + 1}`));
  });

  it('that a file cites is defined', () => {
    const files = [...ROOMS, 'test'].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => join(room, file)),
    );
    const cited = files.flatMap((file) => [...read(file).matchAll(/\b(I\d+)\)/g)].map(([, name]) => name));
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter((name) => !defined.includes(name))).toEqual([]);
  });
});
