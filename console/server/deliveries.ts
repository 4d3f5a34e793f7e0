import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { pipelinePage, regionOf } from '../../events/aws-console.ts';
import type { Connection } from '../../operate/connection/connection.ts';
import { possibleActions, redeliver, redrive, stop } from '../../operate/deliveries/actions.ts';
import { artifactFiles } from '../../operate/deliveries/artifact-files.ts';
import { artifactUrl } from '../../operate/deliveries/artifacts.ts';
import { commitOf } from '../../operate/deliveries/commit.ts';
import { type DeliveryDetail, describeDelivery, findDelivery } from '../../operate/deliveries/delivery.ts';
import { describeUnmatched } from '../../operate/deliveries/describe-unmatched.ts';
import { whyInVain } from '../../operate/deliveries/in-vain.ts';
import {
  type DeliveryRow,
  deliveriesWithOutcomes,
  FILTERS,
  fillOutcomes,
  filterOfText,
} from '../../operate/deliveries/index.ts';
import { logsOf } from '../../operate/deliveries/logs.ts';
import { nextStepOf } from '../../operate/deliveries/next-step.ts';
import { statusOfPipeline } from '../../operate/deliveries/pipeline-status.ts';
import { curlOf, requestOf } from '../../operate/deliveries/request.ts';
import { runsOfRow } from '../../operate/deliveries/runs.ts';
import { doorOf } from '../../operate/hosts/hooks.ts';
import { timeOfText } from '../../operate/time-text.ts';
import { UNMATCHED } from '../../statemachine/outcomes.ts';
import type {
  ArtifactAnswer,
  CommitAnswer,
  DeliveryAnswer,
  DeliveryPage,
  FilesAnswer,
  LogLine,
  RedeliverAnswer,
  RequestAnswer,
  UnmatchedAnswer,
} from '../api.ts';
import type { ConsoleOptions } from './options.ts';

// A page of the list ends after this many queries of the table, so that the reader sees the rows found so far.
const MAX_QUERIES = 8;

// A filter by duration leaves few rows of a page, so a page reads more rows at once.
const FILTERED_PAGE_SIZE = 1000;

/** Which deliveries a list shows. */
export const shownSchema = z.object({
  /** ISO, or so long ago */
  since: z
    .string()
    .transform((text) => timeOfText(text))
    .optional(),
  /** the shortest duration, in seconds */
  took: z.coerce.number().min(0).default(0),
  /** whether to count what needs nobody's attention, and not to send it */
  hide: z.stringbool().default(false),
  ...Object.fromEntries(FILTERS.map((name) => [name, z.string().optional()])),
});
const listSchema = shownSchema.extend({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

// More than a reader looks through: the command lists all.
const MAX_FILES = 1000;

const idSchema = z.object({ id: z.string().min(1) });
const rowsSchema = z.object({ ids: z.array(z.string().min(1)).max(50) });
const forceSchema = z.object({ force: z.boolean().default(false) });
const stepSchema = z.object({ step: z.coerce.number().int().min(0) });

export function deliveryRoutes(app: FastifyInstance, { connection, local }: ConsoleOptions): void {
  app.get('/deliveries', async ({ query }): Promise<DeliveryPage> => {
    const { cursor, limit, since, took, hide, ...filter } = listSchema.parse(query);
    return deliveriesWithOutcomes(await connection(), {
      ...{ cursor, since, hide, filter: filterOfText(filter), reads: MAX_QUERIES, took: took * 1000 },
      limit: took > 0 ? FILTERED_PAGE_SIZE : limit,
    });
  });
  app.post('/deliveries/rows', async ({ body }): Promise<DeliveryRow[]> => {
    const { ids } = rowsSchema.parse(body);
    const rows = await Promise.all(ids.map(async (id) => findDelivery(await connection(), id)));
    return fillOutcomes(await connection(), rows);
  });
  app.get('/deliveries/:id', async (request): Promise<DeliveryAnswer | UnmatchedAnswer> => {
    const found = await rowOf(connection, request);
    if (found.outcome === UNMATCHED) {
      const detail = await describeUnmatched(await connection(), found);
      return { ...detail, next: nextStepOf(found, detail.explanations) };
    }
    const { row, ...detail } = await describeDelivery(await connection(), found);
    const [settled = row] = await fillOutcomes(await connection(), [row]);
    const [pipelineStatus, runs] = await Promise.all([
      statusOfPipeline(await connection(), row),
      runsOfRow(await connection(), row),
    ]);
    return {
      row: settled,
      ...detail,
      possible: possibleActions(detail),
      next: nextStepOf(settled),
      pipelineStatus,
      pipelinePage: local ? undefined : pageOfPipeline(row),
      runs: await fillOutcomes(await connection(), runs),
    };
  });
  app.get('/deliveries/:id/logs', async (request): Promise<LogLine[]> => {
    const { step: at } = stepSchema.parse(request.query);
    const { row, steps } = await detailOf(connection, request);
    const step = steps[at];
    if (!step) throw new Error(`the delivery has ${steps.length} states, and none at ${at}`);
    return logsOf(await connection(), row.executionArn, step);
  });
  app.get('/deliveries/:id/request', async (request): Promise<RequestAnswer> => {
    const on = await connection();
    const found = await requestOf(on, await rowOf(connection, request));
    return { ...found, curl: curlOf(found, doorOf(on, found.provider)) };
  });
  app.get('/deliveries/:id/commit', async (request): Promise<CommitAnswer> => {
    return (await commitOf(await connection(), await rowOf(connection, request))) ?? {};
  });
  app.get('/deliveries/:id/files', async (request): Promise<FilesAnswer> => {
    const { artifactKey, versionId } = await rowOf(connection, request);
    return artifactFiles(await connection(), artifactKey, { versionId, most: MAX_FILES });
  });
  app.get('/deliveries/:id/artifact', async (request): Promise<ArtifactAnswer> => {
    const { artifactKey, versionId } = await rowOf(connection, request);
    return { url: await artifactUrl(await connection(), artifactKey, versionId) };
  });
  actionRoutes(app, connection);
}

function actionRoutes(app: FastifyInstance, connection: ConsoleOptions['connection']): void {
  app.post('/deliveries/:id/redeliver', async (request): Promise<RedeliverAnswer> => {
    const [on, row] = [await connection(), await rowOf(connection, request)];
    const inVain = forceSchema.parse(request.body ?? {}).force ? undefined : await whyInVain(on, row);
    return inVain === undefined ? { executionArn: await redeliver(on, row) } : { inVain };
  });
  app.post('/deliveries/:id/redrive', async (request): Promise<object> => {
    await redrive(await connection(), await rowOf(connection, request));
    return {};
  });
  app.post('/deliveries/:id/stop', async (request): Promise<object> => {
    await stop(await connection(), await rowOf(connection, request));
    return {};
  });
}

function pageOfPipeline({ executionArn, pipeline, pipelineExecutionId }: DeliveryRow): string | undefined {
  if (pipelineExecutionId === '') return undefined;
  return pipelinePage(regionOf(executionArn), pipeline, pipelineExecutionId);
}

const rowOf = async (
  connection: () => Promise<Connection>,
  { params }: FastifyRequest,
): Promise<DeliveryRow> => findDelivery(await connection(), idSchema.parse(params).id);

const detailOf = async (
  connection: () => Promise<Connection>,
  request: FastifyRequest,
): Promise<DeliveryDetail> => describeDelivery(await connection(), await rowOf(connection, request));
