import type { Connection } from '../connection/connection.ts';
import type { KnownEvent } from '../deliveries/known-event.ts';
import { matchesKnown } from '../rules/explain.ts';
import { pathsOf } from '../rules/values-at.ts';

/** Whether an event matches a rule's pattern; undefined where that depends on what is not known of the event. */
export type AskedPatterns = (
  match: Record<string, unknown>,
  known: KnownEvent,
) => Promise<boolean | undefined>;

/**
 * Asks EventBridge, and once for all events that are the same in what the pattern looks at: thousands of pushes to one
 * branch are one question.
 */
export function askedPatterns(connection: Connection): AskedPatterns {
  const answers = new Map<string, Promise<boolean | undefined>>();
  return (match, known) => {
    const { knows, event } = known;
    const question = JSON.stringify([
      match,
      lookedAt(event.detail, match),
      knows && pathsOf(match).map(knows),
    ]);
    const answer = answers.get(question) ?? matchesKnown(connection, match, known);
    answers.set(question, answer);
    return answer;
  };
}

/** What a pattern looks at of a value: nothing else of the value decides whether the pattern matches. */
export function lookedAt(value: unknown, pattern: unknown): unknown {
  // A list of matchers looks at the whole value.
  if (!isObject(pattern)) return value;
  if (Array.isArray(value)) return value.map((each) => lookedAt(each, pattern));
  if (!isObject(value)) return value;
  return Object.entries(pattern).map(([name, below]) =>
    name === '$or' && Array.isArray(below)
      ? below.map((alternative) => lookedAt(value, alternative))
      : [name, ...(name in value ? [lookedAt(value[name], below)] : [])],
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
