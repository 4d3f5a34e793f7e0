import { longRef } from '../../events/ref.ts';
import { outcomesOf } from './outcome-filter.ts';
import { type DeliveryFilter, FILTERS } from './row.ts';

/** What a filter stands for, where a person writes less than the whole value. */
const MEANT: Readonly<Partial<Record<keyof DeliveryFilter, (text: string) => string>>> = {
  // People remember the name, and not the owner.
  repository: (text) => (/[/*]/.test(text) ? text : `*${text}*`),
  ref: longRef,
  commit: beginning,
  deliveryId: beginning,
  outcome: (text) => {
    outcomesOf(text);
    return text;
  },
};

/**
 * The filter that a person has written: a repository's name without its owner, `main` or `tag v1`, the first characters of
 * an id, outcomes in words.
 * @throws for an outcome that does not exist
 */
export function filterOfText(text: DeliveryFilter): DeliveryFilter {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = text[name];
      return value === undefined ? [] : [[name, MEANT[name]?.(value) ?? value]];
    }),
  );
}

function beginning(text: string): string {
  return text.endsWith('*') ? text : `${text}*`;
}
