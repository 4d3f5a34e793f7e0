import * as z from 'zod';
import type { OpenFilter } from './change-filter.ts';
import { namesIn, type TemplateOptions } from './payload-values.ts';
import { skipSchema } from './skip-words.ts';

/** What git tells of a commit, by the names that templates have for it. */
export const COMMIT_PLACEHOLDERS = [
  'commit.subject',
  'commit.message',
  'commit.author',
  'commit.time',
  'commit.files',
  'commit.changed',
] as const;

const globs = z.array(z.string());

/** What a pull is asked for beside the artifact. A build may read what another release wrote. */
export const askedSchema = z.object({
  /** the values of the commit that the rule's templates name */
  values: z.array(z.string()).default([]),
  /** the filters that the payload has left open */
  skip: skipSchema.optional(),
  paths: globs.optional(),
  'paths-ignore': globs.optional(),
  /** the first name of a rule with `superseded: skip`: a build that is behind the tip gives way to the rule’s newer delivery */
  giveWay: z.string().optional(),
});

export type Asked = z.infer<typeof askedSchema>;

/** The part of a rule that a pull may be asked for. */
export type AskingRule = TemplateOptions & Pick<Asked, 'skip' | 'paths' | 'paths-ignore'>;

/** What a rule asks the pull of a delivery, of which the payload has left these filters open. */
export function askedOf(rule: AskingRule, open: readonly OpenFilter[]): Asked {
  const known: readonly string[] = COMMIT_PLACEHOLDERS;
  const { skip, paths, 'paths-ignore': ignored } = rule;
  return {
    values: namesIn(rule).filter((name) => known.includes(name)),
    ...(skip && open.includes('skip') ? { skip } : {}),
    ...(paths && open.includes('paths') ? { paths } : {}),
    ...(ignored && open.includes('paths') ? { 'paths-ignore': ignored } : {}),
  };
}
