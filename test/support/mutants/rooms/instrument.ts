import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { keyOf, ROOMS, type RoomMutant } from './room-mutant.ts';

/** The files of the rooms, from the tree's root. */
export async function sourcesOfRooms(tree: string): Promise<string[]> {
  return (await Promise.all(ROOMS.map((room) => sourcesIn(tree, room)))).flat();
}

/** Puts every mutant of Stryker's into files, each behind a switch that is off. @param tree a copy; `names` are from its root */
export async function instrument(tree: string, names: readonly string[]): Promise<readonly RoomMutant[]> {
  const contents = new Map<string, string>();
  for (const name of names) contents.set(name, await readFile(join(tree, name), 'utf8'));
  const { files, mutants } = await new Instrumenter(silent).instrument(
    [...contents].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [comments] },
  );
  for (const { name, content } of files) await writeFile(join(tree, name), content);
  return numbered(
    mutants.filter(isTried).map(({ id, fileName: file, location: { start, end }, replacement }) => ({
      id,
      file,
      line: start.line + 1,
      code: textBetween(contents.get(file) ?? '', start, end),
      replacement,
    })),
  );
}

const isTried = ({ status }: { status?: string }): boolean => status !== 'Ignored';

type Ignorer = Parameters<Instrumenter['instrument']>[1]['ignorers'][number];

/** As far as it is looked at, a place in a tree of Babel's. */
interface Place {
  readonly node: { readonly type: string; readonly key?: { readonly name?: string } };
  readonly parent?: { readonly callee?: { readonly name?: string } };
}

/** What a person reads beside the machine's picture: the comment of a state, and that of an outcome. */
const comments: Ignorer = {
  shouldIgnore: (path) => {
    const { node, parent } = path as unknown as Place;
    const isComment = node.type === 'ObjectProperty' && node.key?.name === 'Comment';
    const isOfOutcome = node.type === 'StringLiteral' && parent?.callee?.name === 'successStates';
    return isComment || isOfOutcome ? 'a comment' : undefined;
  },
};

async function sourcesIn(tree: string, room: string): Promise<string[]> {
  const names = await readdir(join(tree, room), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${room}/${name}`)
    .sort();
}

/** The same code with the same replacement may stand in a file several times. */
function numbered(mutants: readonly Omit<RoomMutant, 'key'>[]): RoomMutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const key = keyOf(mutant);
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    return { ...mutant, key: `${key}\n${number}` };
  });
}

interface Position {
  /** from 0 */
  readonly line: number;
  readonly column: number;
}

function textBetween(content: string, start: Position, end: Position): string {
  const lines = content.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  const cut = lines.map((line, index) => (index === last ? line.slice(0, end.column) : line));
  return cut.join('\n').slice(start.column);
}

const no = (): boolean => false;
const nothing = (): void => undefined;
const silent = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
