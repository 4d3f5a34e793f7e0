import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { redeliver } from '../../../operate/deliveries/actions.ts';
import { findDelivery } from '../../../operate/deliveries/delivery.ts';
import { describeUnmatched } from '../../../operate/deliveries/describe-unmatched.ts';
import { type DeliveryQuery, type DeliveryRow, listDeliveries } from '../../../operate/deliveries/index.ts';
import { countsOf } from '../../../operate/format.ts';
import { forecast } from '../../../operate/replays/forecast.ts';
import { startReplay } from '../../../operate/replays/replay.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

const MAIN = `description: pushes to main in acme
match:
  event: [push]
  payload:
    ref: [refs/heads/main]
    repository: { full_name: [{ prefix: acme/ }] }
`;
const CAREFUL = `description: pings without the words
match:
  event: [ping]
  payload:
    zen: [{ anything-but: hello }]
`;
const ping = { zen: 'Design for failure.', hook_id: 1 };
const push = (ref: string, more: object = {}) => ({ ref, repository: { full_name: 'acme/site' }, ...more });
const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };

let folder: string;
let hookline: Hookline;
let connection: Connection;
const ids: Record<string, string> = {};

// The built-in host sends a ping of its own.
const isOurs = ({ deliveryId }: DeliveryRow): boolean => Object.values(ids).includes(deliveryId);
const list = async (query: DeliveryQuery = {}): Promise<readonly DeliveryRow[]> =>
  (await listDeliveries(connection, query)).rows;
const rowOf = async (name: string): Promise<DeliveryRow> => findDelivery(connection, ids[name] ?? '');
const span = ({ receivedAt }: DeliveryRow) => ({
  from: receivedAt,
  to: new Date(Date.parse(receivedAt) + 1000).toISOString(),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-unmatched-'));
  await Promise.all([
    writeFile(join(folder, 'main.yaml'), MAIN),
    writeFile(join(folder, 'careful.yaml'), CAREFUL),
  ]);
  hookline = await startHookline(undefined, { rules: folder });
  const { endpoint, ...access } = hookline.access;
  connection = await connect(hookline.outputs.stackName, { endpoint, ...access });
  const send = async (name: string, ...args: Parameters<Hookline['deliver']>) => {
    const { deliveryId, status } = await hookline.deliver(...args);
    expect(status).toBe(202);
    ids[name] = deliveryId;
  };
  await send('dev', 'push', push('refs/heads/dev'));
  await send('hello', 'ping', { zen: 'hello', hook_id: 1 });
  await send('taken', 'ping', ping);
  await send('forged', 'push', push('refs/heads/dev'), forged);
  await send('refused', 'ping', ping, forged);
  await send('odd', 'push', push('refs/heads/"},{"x":"\\'));
  await send('large', 'push', push('refs/heads/dev', { commits: [{ message: 'x'.repeat(600_000) }] }));
  await hookline.ended(ids.taken ?? '');
  await hookline.ended(ids.refused ?? '');
  await vi.waitFor(async () => expect(await list({ filter: { outcome: 'Unmatched' } })).toHaveLength(5), {
    interval: 250,
  });
});
afterAll(async () => {
  connection?.close();
  await hookline?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe('a delivery that no rule takes (I11)', () => {
  const names = (rows: readonly DeliveryRow[]) =>
    rows.map(({ deliveryId }) => Object.keys(ids).find((name) => ids[name] === deliveryId));

  it('is in the list as Unmatched among the others, each once, and in no other page', async () => {
    const all: DeliveryRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeliveries(connection, { limit: 2, cursor });
      all.push(...page.rows.filter(isOurs));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(names(all).toSorted()).toEqual(Object.keys(ids).toSorted());
    const outcomes = Object.fromEntries(all.map((row, at) => [names(all)[at], row.outcome]));
    expect(outcomes).toMatchObject({
      dev: 'Unmatched',
      taken: 'Pong',
      refused: 'Rejected',
      large: 'Unmatched',
    });
    const times = all.map(({ receivedAt }) => Date.parse(receivedAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('is found page by page when it alone is asked for, and by its repository', async () => {
    const only = await list({ filter: { outcome: 'Unmatched' } });
    expect(names(only).toSorted()).toEqual(['dev', 'forged', 'hello', 'large', 'odd']);
    const first = await listDeliveries(connection, { filter: { outcome: 'Unmatched' }, limit: 3 });
    const { cursor } = first;
    const rest = await listDeliveries(connection, { filter: { outcome: 'Unmatched' }, limit: 3, cursor });
    expect([...names(first.rows), ...names(rest.rows)]).toEqual(names(only));
    expect(names(await list({ filter: { repository: 'acme/site' } })).toSorted()).toEqual([
      'dev',
      'forged',
      'large',
      'odd',
    ]);
    expect(await list({ filter: { rule: 'main' } })).toEqual([]);
  });

  it('is counted and not shown where what needs nobody is hidden', async () => {
    const { rows, hidden } = await listDeliveries(connection, { hide: true });
    expect(names(rows)).toEqual(['refused']);
    const counts = new Map(countsOf(hidden));
    expect(counts.get('Unmatched')).toBe(5);
    expect(counts.get('Pong')).toBeGreaterThan(0);
  });

  it('says which clause of each rule refused it, and which clause looks at what its record has not', async () => {
    const row = await rowOf('dev');
    expect(row).toMatchObject({ host: 'localhost', repository: 'acme/site', ref: 'refs/heads/dev' });
    const { explanations, bytes } = await describeUnmatched(connection, row);
    expect(bytes).toBeGreaterThan(40);
    const said = explanations.map(({ rule, matches, clauses }) => [
      rule,
      matches,
      clauses.map((clause) => [clause.path, clause.matches]),
    ]);
    expect(said).toEqual([
      [
        'careful',
        false,
        [
          ['event', false],
          ['payload.zen', undefined],
        ],
      ],
      [
        'main',
        false,
        [
          ['event', true],
          ['payload.ref', false],
          ['payload.repository.full_name', true],
        ],
      ],
    ]);
    const hello = await describeUnmatched(connection, await rowOf('hello'));
    expect(hello.explanations.map(({ matches }) => matches)).toEqual([undefined, false]);
  });

  it('keeps its names out of the record where a line cannot hold them, and is recorded all the same', async () => {
    const row = await rowOf('odd');
    expect(row).toMatchObject({ repository: 'acme/site', ref: '' });
    const { explanations } = await describeUnmatched(connection, row);
    expect(explanations[1]?.clauses.map(({ matches }) => matches)).toEqual([true, undefined, true]);
  });

  it('of 600 kB is recorded as a small one is', async () => {
    const { explanations, bytes, row } = await describeUnmatched(connection, await rowOf('large'));
    expect(bytes).toBeGreaterThan(600_000);
    expect(row).toMatchObject({ repository: 'acme/site', ref: 'refs/heads/dev' });
    expect(explanations.map(({ matches }) => matches)).toEqual([false, false]);
  });

  it('cannot be run again as nothing of it ran, and says what to do', async () => {
    await expect(redeliver(connection, await rowOf('dev'))).rejects.toThrow(
      /no rule has taken .*: add a rule/,
    );
  });

  it('is taken by a replay once there is a rule for it', async () => {
    const row = await rowOf('dev');
    await writeFile(join(folder, 'main.yaml'), MAIN.replace('heads/main', 'heads/dev'));
    await vi.waitFor(
      async () => {
        const { explanations } = await describeUnmatched(connection, row);
        expect(explanations[1]).toMatchObject({ rule: 'main', matches: true });
      },
      { interval: 250 },
    );
    const { matches, unknown } = await forecast(connection, span(row), ['main']);
    expect(matches.main).toBeGreaterThan(0);
    expect(unknown).toBeLessThanOrEqual(1);
    const replayName = await startReplay(connection, span(row), ['main']);
    const [ended] = await hookline.ended(row.deliveryId);
    expect(ended?.input).toMatchObject({ replayName, rule: 'main' });
    expect(
      (await list({ filter: { deliveryId: row.deliveryId } })).map(({ replayName: of }) => of),
    ).toContain('');
  });
});
