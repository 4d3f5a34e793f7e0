import * as z from 'zod';
import { DETAIL_TYPE } from '../../../events/bus-event.ts';
import { PIPELINE_ENDED } from '../../../events/result-event.ts';
import { ADMINISTRATOR, type Intercept, type Intercepted } from '../../../local/index.ts';

/** What AWS bills, counted while it runs on this machine. */
export interface Tally {
  doorRequests: number;
  /** that were put on the bus, by the door and by functions */
  events: number;
  lambdaCalls: number;
  lambdaMilliseconds: number;
  /** that have said what they took, as the last line of their log */
  lambdaReports: number;
  /** the ids of the builds */
  builds: string[];
  writeUnits: number;
  readUnits: number;
  /** PUT, COPY, POST and LIST */
  s3Writes: number;
  /** GET and HEAD */
  s3Reads: number;
  secretReads: number;
  pipelinesStarted: number;
  /** of which the bus was told */
  pipelinesEnded: number;
  logBytes: number;
}

export const emptyTally = (): Tally => ({
  doorRequests: 0,
  events: 0,
  lambdaCalls: 0,
  lambdaMilliseconds: 0,
  lambdaReports: 0,
  builds: [],
  writeUnits: 0,
  readUnits: 0,
  s3Writes: 0,
  s3Reads: 0,
  secretReads: 0,
  pipelinesStarted: 0,
  pipelinesEnded: 0,
  logBytes: 0,
});

const consumed = z.looseObject({ ConsumedCapacity: z.looseObject({ CapacityUnits: z.number() }) });
const startedBuild = z.looseObject({ build: z.looseObject({ id: z.string() }) });
const putEvents = z.looseObject({ Entries: z.array(z.looseObject({ DetailType: z.string() })) });
const logged = z.looseObject({ logEvents: z.array(z.looseObject({ message: z.string() })) });

// What CloudWatch Logs adds to each event: https://aws.amazon.com/cloudwatch/pricing/
const LOG_EVENT_OVERHEAD = 26;
const S3_WRITES = /^(Put|Copy|Post|List|CreateMultipart|UploadPart|CompleteMultipart)/;

/**
 * Counts every call that a role of the stack makes, but for those of the pipeline that a push starts: its owner pays these
 * with any source. Calls of the account itself are those of whoever looks. Of what AWS's services do as themselves, the lines
 * that EventBridge writes into a log and the functions that it calls are billed.
 */
export function counting(tally: () => Tally): Intercept {
  return async (call, run) => {
    if (isForeign(call)) return run(call.input);
    if (call.service === 'dynamodb') return countUnits(call, run, tally());
    count(call, tally());
    const output = await run(call.input);
    if (call.operation === 'StartBuild') tally().builds.push(startedBuild.parse(output).build.id);
    return output;
  };
}

const isForeign = ({ operation, principal: { arn, service } }: Intercepted): boolean =>
  service === undefined
    ? arn === ADMINISTRATOR || arn.includes(':role/Hookline-Example')
    : operation !== 'PutLogEvents' && operation !== 'Invoke';

/** A write that a condition refused costs one unit too; every item of Hookline's is below 1 KB. */
async function countUnits(
  { operation, input }: Intercepted,
  run: (input: unknown) => unknown,
  tally: Tally,
): Promise<unknown> {
  const isRead = ['GetItem', 'Query', 'Scan'].includes(operation);
  try {
    const output = await run({ ...Object(input), ReturnConsumedCapacity: 'TOTAL' });
    tally[isRead ? 'readUnits' : 'writeUnits'] += consumed.parse(output).ConsumedCapacity.CapacityUnits;
    return output;
  } catch (error) {
    tally[isRead ? 'readUnits' : 'writeUnits'] += 1;
    throw error;
  }
}

function count({ service, operation, input }: Intercepted, tally: Tally): void {
  if (service === 's3') tally[S3_WRITES.test(operation) ? 's3Writes' : 's3Reads'] += 1;
  if (service === 'secretsmanager') tally.secretReads += 1;
  if (operation === 'PutEvents') countEvents(putEvents.parse(input).Entries, tally);
  const counter = COUNTERS[`${service}:${operation}`];
  if (counter) tally[counter] += 1;
  if (operation === 'PutLogEvents') countLog(logged.parse(input).logEvents, tally);
}

const COUNTERS: Readonly<Record<string, Exclude<keyof Tally, 'builds'>>> = {
  'lambda:Invoke': 'lambdaCalls',
  'codepipeline:StartPipelineExecution': 'pipelinesStarted',
};

function countEvents(entries: z.infer<typeof putEvents>['Entries'], tally: Tally): void {
  const of = (type: string): number => entries.filter(({ DetailType }) => DetailType === type).length;
  tally.events += entries.length;
  tally.doorRequests += of(DETAIL_TYPE);
  tally.pipelinesEnded += of(PIPELINE_ENDED);
}

function countLog(events: readonly { readonly message: string }[], tally: Tally): void {
  for (const { message } of events) {
    tally.logBytes += Buffer.byteLength(message) + LOG_EVENT_OVERHEAD;
    const [, billed] = /"billedDurationMs":(\d+)/.exec(message) ?? [];
    tally.lambdaMilliseconds += Number(billed ?? 0);
    if (billed !== undefined) tally.lambdaReports += 1;
  }
}
