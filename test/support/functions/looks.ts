import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { handler } from '../../../functions/reconcile/index.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { recordPublished } from '../../../functions/shared/ref-record.ts';
import { type ReconcileReport, reconcileReportSchema } from '../../../statemachine/reconcile.ts';
import { type Direct, startDirect } from './direct.ts';
import { type LookedAtHost, startLookedAtHost } from './looked-at-host.ts';
import { pulledState } from './steps.ts';
import { context, deployRules } from './validate-aws.ts';

export const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Reconcile between a git host and an AWS of which each test finds nothing but what it puts there. */
export interface Looks {
  readonly steps: Direct;
  readonly host: LookedAtHost;
  ask(event: object): Promise<ReconcileReport>;
  /** as EventBridge's schedule calls the function */
  bySchedule(): Promise<ReconcileReport>;
  byOperator(more?: { dryRun?: boolean; after?: string }): Promise<ReconcileReport>;
  later(ms: number): void;
  /** records what the pointer of a ref shows. @param rule whose options, which are those of a rule without any by default */
  publish(repository: string, ref: string, commit: string, host?: string, rule?: object): Promise<string>;
  /** Reconcile's own record of something */
  record(of: string): Promise<Record<string, unknown> | undefined>;
}

/** To be called where the file's tests are named. */
export function looks(): Looks {
  let [day, token] = [Date.parse('2026-03-01T12:00:00Z'), 0];
  let steps: Direct;
  let host: LookedAtHost;
  const ask = async (event: object) => reconcileReportSchema.parse(await handler(event, context));
  beforeAll(async () => {
    [steps, host] = await Promise.all([startDirect(), startLookedAtHost()]);
    process.env.STATE_MACHINE_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:hookline';
    process.env.DOORS = 'https://door.test/';
  });
  beforeEach(async () => {
    // Settings that were read are forgotten by then.
    day += 7 * DAY;
    vi.useFakeTimers({ toFake: ['Date'], now: day });
    deployRules({ name: 'default' });
    host.forget();
    Object.assign(steps, {
      hosts: host.named('github.com'),
      apps: undefined,
      credentials: undefined,
      webhookSecrets: { 'github.com': 'secret' },
      refusesToExecute: undefined,
    });
    steps.executed.length = 0;
    const { Items } = (await steps.call('dynamodb', 'Scan', { TableName: 'refs' })) as {
      Items: { id: object }[];
    };
    for (const { id } of Items)
      await steps.call('dynamodb', 'DeleteItem', { TableName: 'refs', Key: { id } });
  });
  afterEach(() => void vi.useRealTimers());
  afterAll(async () => {
    await Promise.all([steps?.close(), host?.close()]);
  });
  return {
    get steps() {
      return steps;
    },
    get host() {
      return host;
    },
    ask,
    bySchedule: () => ask({ 'detail-type': 'Scheduled Event', source: 'aws.events' }),
    byOperator: ({ dryRun = false, ...more } = {}) => ask({ by: 'operator', dryRun, ...more }),
    later: (ms) => void vi.setSystemTime(Date.now() + ms),
    publish: async (fullName, ref, commit, name = 'github.com', rule = {}) => {
      const state = pulledState(ref, {}, rule);
      const delivery = { ...state.delivery, host: name, repository: { fullName } };
      const id = pointerOf({ ...state, delivery });
      token += 1;
      await recordPublished(id, { token, commit, key: '' });
      return id;
    },
    record: (of) => steps.record('refs', `reconcile of ${of}`),
  };
}
