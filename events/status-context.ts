import * as z from 'zod';
import { DELIVERY_PLACEHOLDERS } from './delivery-values.ts';
import {
  cut,
  filled,
  oneLine,
  type TemplateForm,
  templatePattern,
  templateProblem,
  type Values,
} from './template.ts';

// GitHub shows a context as it is; one of a hundred characters is read whole.
const MAX_LENGTH = 100;

const FORM: TemplateForm = { names: DELIVERY_PLACEHOLDERS, character: '[ -z|~]' };

/**
 * What a commit status is called. It begins with a character of its own: who sends a payload must not choose the whole
 * name, which may be the one that a branch protection asks for.
 */
export const contextTemplate = z
  .string()
  .regex(/^[!-z|~].{0,198}$/, {
    error: 'a context begins with a letter, digit or sign of ASCII, before its first placeholder',
  })
  .regex(templatePattern(FORM), {
    error: ({ input }) =>
      `a context has letters, digits, signs and spaces of ASCII, and placeholders; ${templateProblem(input, FORM)}`,
  })
  .refine((text) => !text.endsWith(' ') && (text.includes('{') || text.length <= MAX_LENGTH), {
    error: `a context has ${MAX_LENGTH} characters at most, and no space at its end`,
  });

/** The context of one delivery. A character that a host may not show becomes a question mark. */
export function contextOf(template: string, values: Values): string {
  const text = oneLine(filled(template, values)).replace(/[^ -~]/gu, '?');
  return cut(text, MAX_LENGTH).trim();
}
