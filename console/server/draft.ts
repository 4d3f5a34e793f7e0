import * as z from 'zod';
import { ruleText } from '../../events/rule-text.ts';
import type { DraftAnswer, DraftRequest } from '../api.ts';

const text = z.string().trim();
const texts = z.array(text).transform((all) => all.filter((value) => value !== ''));

export const draftSchema = z.object({
  name: text,
  description: text,
  event: texts,
  repository: text,
  ref: text,
  pipeline: text,
  status: z.boolean(),
  paths: texts,
});

/** Where the fields of the form stand in a rule's file. */
const PLACES: readonly (readonly [place: string, field: keyof DraftRequest])[] = [
  ['a rule is named', 'name'],
  ['description ', 'description'],
  ['match.event', 'event'],
  ['match.payload.repository', 'repository'],
  ['match.payload.ref', 'ref'],
  ['pipeline', 'pipeline'],
  ['paths', 'paths'],
];

/** The YAML of a rule, or what is wrong with it, field by field. */
export function draft({ name, ...wanted }: DraftRequest): DraftAnswer {
  try {
    return { text: ruleText(name, wanted), problems: [] };
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problems: lines.map(problemOf) };
  }
}

/** A line of the errors of reading a file, `name.yaml:3:5: pipeline is …`, without the file that there is not yet. */
function problemOf(line: string): DraftAnswer['problems'][number] {
  const message = line.replace(/^.*?\.yaml(:\d+:\d+)?: /, '');
  return { field: PLACES.find(([place]) => message.startsWith(place))?.[1] ?? '', message };
}
