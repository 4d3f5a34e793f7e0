import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { inVainGroups } from '../../operate/deliveries/in-vain.ts';
import { filterOfText } from '../../operate/deliveries/index.ts';
import { nextStepOf } from '../../operate/deliveries/next-step.ts';
import { type ManyQuery, planRedeliveries, redeliverMany } from '../../operate/deliveries/redeliver-many.ts';
import { countsOf } from '../../operate/format.ts';
import type { Progress, RedeliveriesAnswer, RedeliveriesResult } from '../api.ts';
import { shownSchema } from './deliveries.ts';
import { LINES_TYPE, lineStream } from './line-stream.ts';
import type { ConsoleOptions } from './options.ts';

const planSchema = z.object({ shown: shownSchema });
const runSchema = planSchema.extend({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  replayName: z.string().startsWith('redeliver-'),
  force: z.boolean(),
});

/** All that a list shows, again: first how many there are, then, once a person has said yes, one after the other. */
export function redeliveryRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.post('/redeliveries/plan', async ({ body }): Promise<RedeliveriesAnswer> => {
    const { shown } = planSchema.parse(body);
    // What comes after somebody has said yes is not meant.
    const until = new Date().toISOString();
    const { rows, replayName, inVain } = await planRedeliveries(await connection(), queryOf(shown, until));
    const all = [...rows, ...inVain.map(({ row }) => row)];
    return {
      replayName,
      until,
      outcomes: countsOf(rows),
      inVain: inVainGroups(inVain).map(({ row, reason, count }) => ({
        ...{ outcome: row.outcome, count, reason },
        next: nextStepOf(row),
      })),
      since: all.map(({ receivedAt }) => receivedAt).toSorted()[0] ?? until,
    };
  });
  app.post('/redeliveries', async ({ body }, reply) => {
    const { shown, since, until, replayName, force } = runSchema.parse(body);
    const on = await connection();
    const lines = lineStream<Progress, RedeliveriesResult>(async (write, signal) => {
      // So long ago is another time by now.
      const plan = await planRedeliveries(on, { ...queryOf(shown, until), since, force }, replayName);
      const progress = (done: number, all: number): void => write({ done, all });
      const { started, expired } = await redeliverMany(on, plan, progress, signal);
      return { started: plan.started + started, expired: expired.length };
    });
    return reply.type(LINES_TYPE).send(lines);
  });
}

function queryOf({ since, took, hide, ...filter }: z.infer<typeof shownSchema>, until: string): ManyQuery {
  return { filter: filterOfText(filter), since, until, hide, took: took * 1000 };
}
