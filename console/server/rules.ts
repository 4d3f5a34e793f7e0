import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ruleText } from '../../events/rule-text.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import { lastDays } from '../../operate/days.ts';
import { findDelivery } from '../../operate/deliveries/delivery.ts';
import { eventOfPayload } from '../../operate/deliveries/event.ts';
import { type KnownEvent, knownEventOf } from '../../operate/deliveries/known-event.ts';
import { countsByRule, tally } from '../../operate/replays/tally.ts';
import { clausesOf } from '../../operate/rules/clauses.ts';
import { type Explanation, explain } from '../../operate/rules/explain.ts';
import { type DeployedRule, listRules } from '../../operate/rules/index.ts';
import { pipelinesOf } from '../../operate/rules/route-options.ts';
import type { RuleAnswer, RuleCountsAnswer, RulesAnswer, SaveAnswer } from '../api.ts';
import { draft, draftSchema, tryDraft } from './draft.ts';
import type { ConsoleOptions } from './options.ts';

const COUNTED_DAYS = 7;

const explainSchema = z.union([
  z.object({ delivery: z.string().min(1) }),
  z.object({ event: z.string().min(1), host: z.string().min(1), payload: z.record(z.string(), z.unknown()) }),
]);

export function ruleRoutes(
  app: FastifyInstance,
  { connection, ruleProblems, saveRule }: ConsoleOptions,
): void {
  app.get('/rules', async (): Promise<RulesAnswer> => {
    const rules = await listRules(await connection());
    return {
      rules: rules.map(answerOf),
      problems: ruleProblems?.() ?? [],
      canSave: saveRule !== undefined,
    };
  });
  app.get('/rules/counts', async (): Promise<RuleCountsAnswer> => {
    const days = lastDays(COUNTED_DAYS);
    const span = { from: `${days[0]}T00:00:00Z`, to: new Date().toISOString() };
    const { records, more } = await tally(await connection(), span);
    const pipelines = await pipelinesOf(await connection(), await listRules(await connection()));
    return { days, counts: countsByRule(records, days), more, pipelines };
  });
  app.post('/rules/explain', async ({ body }): Promise<Explanation[]> => {
    const event = await eventToExplain(await connection(), explainSchema.parse(body));
    const rules = await listRules(await connection());
    return Promise.all(rules.map(async (rule) => explain(await connection(), rule, event)));
  });
  app.post('/rules/draft', async ({ body }) => draft(draftSchema.parse(body)));
  app.post('/rules/trial', async ({ body }) => tryDraft(await connection(), draftSchema.parse(body)));
  app.post('/rules/save', async ({ body }): Promise<SaveAnswer> => {
    const { name, ...wanted } = draftSchema.parse(body);
    if (!saveRule) throw new Error('a rule is saved here only by hookline up: copy the file, and deploy it');
    return { file: await saveRule(name, ruleText(name, wanted)) };
  });
}

function answerOf({ name, description, enabled, match }: DeployedRule): RuleAnswer {
  const clauses = clausesOf(match).map(({ path, words }) => ({ path, words }));
  return { name, description, enabled, clauses };
}

async function eventToExplain(
  connection: Connection,
  wanted: z.infer<typeof explainSchema>,
): Promise<KnownEvent> {
  if (!('delivery' in wanted)) return { event: eventOfPayload(wanted.event, wanted.payload, wanted.host) };
  const event = await knownEventOf(connection, await findDelivery(connection, wanted.delivery));
  if (event) return event;
  throw new Error(
    `the delivery ${wanted.delivery} was too large to be kept with its execution: paste its payload instead`,
  );
}
