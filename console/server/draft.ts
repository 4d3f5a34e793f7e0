import * as z from 'zod';
import { parseRule } from '../../events/rule-file.ts';
import { RuleFileError } from '../../events/rule-problem.ts';
import { ruleText } from '../../events/rule-text.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import { tryRule } from '../../operate/rules/trial.ts';
import type { DraftAnswer, DraftRequest, TrialAnswer } from '../api.ts';

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
  skipCi: z.boolean(),
  skipSuperseded: z.boolean(),
});

/** The YAML of a rule, or the rule's problems with their paths. */
export function draft({ name, ...wanted }: DraftRequest): DraftAnswer {
  try {
    return { text: ruleText(name, wanted), problems: [] };
  } catch (error) {
    if (!(error instanceof RuleFileError)) throw error;
    // The file is not written yet: its lines and columns say nothing to the reader of the form.
    return { problems: error.problems.map(({ path, message }) => ({ path, message })) };
  }
}

/** How many deliveries a draft is tried on. */
const TRIED = 100;

/** What a rule that is not written yet would do with the last deliveries. @throws for a draft that is no rule */
export async function tryDraft(
  connection: Connection,
  { name, ...wanted }: DraftRequest,
): Promise<TrialAnswer> {
  return tryRule(connection, parseRule(ruleText(name, wanted), `${name}.yaml`), TRIED);
}
