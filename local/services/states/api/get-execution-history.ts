import * as z from 'zod';
import { firstPage } from '../../../core/paging.ts';
import { seconds } from '../seconds.ts';
import { executionOf, type HistoryEvent, type Tables } from '../tables.ts';
import { eventOf } from '../texts.ts';
import { paging } from './paging.ts';

export const historySchema = z.strictObject({
  executionArn: z.string(),
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
  ...paging(z.number()),
});

/** The events of an execution so far; of a running one, more come. */
export function getExecutionHistory(tables: Tables, given: z.infer<typeof historySchema>): object {
  const { executionArn, reverseOrder: reverse, maxResults, nextToken } = given;
  executionOf(tables, executionArn);
  const after = nextToken === undefined ? undefined : [nextToken];
  const rest = tables.history.under([executionArn], { reverse, after });
  const { items, next } = firstPage(rest, ({ value }) => value.id, maxResults);
  return {
    events: items.map(({ value }) => shown(eventOf(tables, executionArn, value), given.includeExecutionData)),
    ...(next !== undefined && { nextToken: next }),
  };
}

const DATA = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

function shown({ member, details, timestamp, ...event }: HistoryEvent, includeData: boolean): object {
  const told = Object.entries(details ?? {}).filter(([key]) => includeData || !DATA.includes(key));
  const content = member === undefined ? {} : { [member]: Object.fromEntries(told) };
  return { ...event, timestamp: seconds(timestamp), ...content };
}
