import * as z from 'zod';
import { paging, placeOf, tokenOf } from '../page.ts';
import { seconds } from '../seconds.ts';
import { executionOf, type HistoryEvent, type Tables } from '../tables.ts';

export const historySchema = z.strictObject({
  executionArn: z.string(),
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
  ...paging,
});

/** The events of an execution so far; of a running one, more come. */
export function getExecutionHistory(tables: Tables, given: z.infer<typeof historySchema>): object {
  const { executionArn, reverseOrder: reverse, maxResults } = given;
  executionOf(tables, executionArn);
  const ends = reverse ? [Number.MAX_SAFE_INTEGER, 0] : [0, Number.MAX_SAFE_INTEGER];
  const [from = ends[0] ?? 0] = given.nextToken === undefined ? [] : placeOf(given.nextToken);
  const range = { start: [executionArn, from], end: [executionArn, ends[1] ?? 0], reverse };
  const found = [...tables.history.entries({ ...range, limit: maxResults + 1 })].map(({ value }) => value);
  const next = found[maxResults];
  return {
    events: found.slice(0, maxResults).map((event) => shown(event, given.includeExecutionData)),
    ...(next && { nextToken: tokenOf([next.id]) }),
  };
}

const DATA = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

function shown({ member, details, timestamp, ...event }: HistoryEvent, includeData: boolean): object {
  const told = Object.entries(details ?? {}).filter(([key]) => includeData || !DATA.includes(key));
  const content = member === undefined ? {} : { [member]: Object.fromEntries(told) };
  return { ...event, timestamp: seconds(timestamp), ...content };
}
