import { expect, it } from 'vitest';
import * as z from 'zod';
import { pullResultSchema, stateSchema } from '../../statemachine/payloads.ts';
import { definition } from '../support/definition.ts';

const texts = z.record(z.string(), z.unknown());
const choiceSchema = z.looseObject({ Variable: z.string().optional(), Next: z.string() });
const stepSchema = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(choiceSchema).default([]),
  Catch: z.array(z.object({ ResultPath: z.string().default('$'), Next: z.string() })).default([]),
  Parameters: texts.default({}),
  ResultSelector: texts.optional(),
  ResultPath: z.string().default('$'),
});
type Step = z.infer<typeof stepSchema>;
const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), stepSchema) });
const { StartAt, States } = machineSchema.parse(definition);

/** The paths that every value of a schema has. */
function required(schema: unknown, at: string): string[] {
  const shape = schema instanceof z.ZodObject ? schema.shape : undefined;
  if (!shape) return [at];
  return Object.entries(shape).flatMap(([name, member]) =>
    member instanceof z.ZodOptional ? [] : required(inner(member), `${at}.${name}`),
  );
}
const inner = (schema: unknown): unknown =>
  schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault ? schema.def.innerType : schema;

const within = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => path.split('.').map((_, at, parts) => parts.slice(0, at + 1).join('.')));

/** What is there after a state, on the way to each that may follow. */
function after(step: Step, before: ReadonlySet<string>): [string, ReadonlySet<string>][] {
  const caught = step.Catch.map(({ ResultPath, Next }): [string, ReadonlySet<string>] => [
    Next,
    put(before, ResultPath, ['Error', 'Cause']),
  ]);
  const chosen = step.Choices.map(({ Next }): [string, ReadonlySet<string>] => [Next, before]);
  if (step.Default !== undefined) chosen.push([step.Default, before]);
  if (step.Next === undefined) return [...caught, ...chosen];
  return [[step.Next, put(before, step.ResultPath, membersOf(step))], ...caught, ...chosen];
}

/** A state with a ResultPath has a result whose members are those of its selector. */
function membersOf({ Type, ResultSelector }: Step): string[] {
  if (Type === 'Task') return Object.keys(ResultSelector ?? {}).map((name) => name.replace(/\.\$$/, ''));
  return [];
}

function put(before: ReadonlySet<string>, at: string, members: readonly string[]): ReadonlySet<string> {
  // Validate's result is all there is from then on; the error of a refusal is all there is, too.
  if (at === '$' && members.length > 0) return new Set(within(members.map((name) => `$.${name}`)));
  if (at === '$') return before;
  const kept = [...before].filter((path) => path !== at && !path.startsWith(`${at}.`));
  return new Set([...kept, at, ...within(members.map((name) => `${at}.${name}`))]);
}

/** The paths that are there whenever a state is entered, whichever way has led to it. */
function guaranteed(): Map<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>([[StartAt, new Set(['$'])]]);
  const open = [StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const step = States[name];
    const before = known.get(name);
    if (!step || !before) throw new Error(`there is no state ${name}`);
    const first = name === StartAt ? new Set(within(required(stateSchema, '$'))) : undefined;
    for (const [next, there] of after(step, before)) {
      const given = first && next === step.Next ? first : there;
      const earlier = known.get(next);
      const both = earlier ? new Set([...earlier].filter((path) => given.has(path))) : given;
      if (earlier && both.size === earlier.size) continue;
      known.set(next, both);
      open.push(next);
    }
  }
  return known;
}

/** Every path that a state reads of its input, and no member of its task's result. */
function readBy({ ResultSelector: _result, Choices, ...step }: Step): string[] {
  const text = JSON.stringify(step, (key, value: unknown) =>
    ['ResultPath', 'Catch', 'Comment'].includes(key) ? undefined : value,
  );
  const read = (from: string): string[] =>
    [...from.matchAll(/(?<![$\w])\$(?:\.\w+)+/g)].map(([path]) => path);
  return [...read(text), ...(Choices ?? []).flatMap((choice) => unguarded(choice, read))];
}

/** The paths of a choice, but those whose presence it asks for first. */
function unguarded(choice: unknown, read: (text: string) => string[]): string[] {
  const text = JSON.stringify(choice);
  const asked = [...text.matchAll(/\{[^{}]*"IsPresent":true[^{}]*\}/g)].flatMap(([condition]) =>
    read(condition),
  );
  return read(text).filter((path) => !asked.includes(path));
}

const known = guaranteed();

it('comes to every state', () => {
  expect(Object.keys(States).filter((name) => !known.has(name))).toEqual([]);
});

it.each(Object.entries(States))('%s reads no path that may be missing', (name, step) => {
  const there = known.get(name) ?? new Set();
  expect(readBy(step).filter((path) => !there.has(path))).toEqual([]);
});

it('the pull exports every member that the steps read', () => {
  const { ResultSelector = {} } = States.Pull ?? {};
  const members = Object.keys(ResultSelector).map((name) => name.replace(/\.\$$/, ''));
  expect(members.sort()).toEqual(Object.keys(pullResultSchema.shape).sort());
});
