import { longRef } from '../../events/ref.ts';
import { outcomesOf } from './outcome-filter.ts';
import { statusOfWord } from './pipeline-words.ts';
import { type DeliveryFilter, FILTERS } from './row.ts';

/** Completes the filters of which people write less than the whole value. */
const COMPLETIONS: Readonly<Partial<Record<keyof DeliveryFilter, (text: string) => string>>> = {
  // People remember the name, and not the owner.
  repository: (text) => (/[/*]/.test(text) ? text : `*${text}*`),
  ref: longRef,
  event: (text) => text.toLowerCase(),
  commit: (text) => prefixPattern(text.toLowerCase()),
  deliveryId: prefixPattern,
  pipelineStatus: statusOfWord,
  outcome: (text) => {
    outcomesOf(text);
    return text;
  },
};

/**
 * The filter that a person has written: a repository's name without its owner, `main` or `tag v1`, the first characters of
 * an id, outcomes and the status of a pipeline in words.
 * @throws for an outcome or a status that does not exist
 */
export function filterOfText(text: DeliveryFilter): DeliveryFilter {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = text[name];
      return value === undefined ? [] : [[name, COMPLETIONS[name]?.(value) ?? value]];
    }),
  );
}

function prefixPattern(text: string): string {
  return text.endsWith('*') ? text : `${text}*`;
}
