import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ASSEMBLY, type Hookline, type StartOptions, startHookline } from '../hookline.ts';

const TEMPLATE = 'Hookline.template.json';

/** A whole Hookline whose machines hurry, from a copy of the assembly that goes with it. */
export async function startHurried(
  options: Omit<StartOptions, 'assembly' | 'rules'> = {},
): Promise<Hookline> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-hurried-'));
  const hookline = await startHookline(undefined, {
    ...options,
    assembly: await hurried(ASSEMBLY, join(folder, 'assembly')),
  });
  const remove = async () => {
    await hookline.remove();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...hookline, remove };
}

/**
 * A copy of an assembly whose state machines wait one second wherever they wait longer: before each retry, and before
 * each new build. The first step has ten seconds in place of a minute. How often they try, and what they decide meanwhile, is as it is deployed.
 * @returns the folder, which is `to`
 */
async function hurried(assembly: string, to: string): Promise<string> {
  await cp(assembly, to, { recursive: true });
  const template = await readFile(join(to, TEMPLATE), 'utf8');
  const quicker = WAITS.reduce((text, [waits, second]) => {
    expect(text).toMatch(waits);
    return text.replaceAll(waits, second);
  }, template);
  await writeFile(join(to, TEMPLATE), quicker);
  return to;
}

// The definitions are strings of JSON inside of JSON.
const WAITS: readonly (readonly [RegExp, string])[] = [
  [/\\"IntervalSeconds\\":\d+/g, '\\"IntervalSeconds\\":1'],
  [/\\"MaxDelaySeconds\\":\d+/g, '\\"MaxDelaySeconds\\":1'],
  [/\\"BackoffRate\\":[\d.]+/g, '\\"BackoffRate\\":1'],
  [/\\"TimeoutSeconds\\":60\b/g, '\\"TimeoutSeconds\\":10'],
  [/\\"SecondsPath\\":\\"\$\.error\.seconds\\"/g, '\\"Seconds\\":1'],
];
