import * as z from 'zod';
import { firstPage } from '../../../core/paging.ts';
import { seconds } from '../seconds.ts';
import { executionOf, type HistoryEvent, type Tables } from '../tables.ts';
import { eventsOf } from '../texts.ts';
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
  const rest = eventsOf(tables, executionArn, { reverse, after: nextToken });
  const { items, next } = firstPage(rest, ({ id }) => id, maxResults);
  return {
    events: items.map((event) => shown(event, given.includeExecutionData)),
    ...(next !== undefined && { nextToken: next }),
  };
}

const DATA = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

function shown({ member, details, timestamp, ...event }: HistoryEvent, includeData: boolean): object {
  const told = Object.entries(details ?? {}).filter(([key]) => includeData || !DATA.includes(key));
  const content = member === undefined ? {} : { [member]: Object.fromEntries(told) };
  return { ...event, timestamp: seconds(timestamp), ...content };
}
