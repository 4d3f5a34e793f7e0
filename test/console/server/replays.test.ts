import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { consoleApi } from '../../support/console-api.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

const HOUR = 3_600_000;
const ping = { zen: 'Keep it logically awesome.', hook_id: 1 };

let hookline: Hookline;
let api: ReturnType<typeof consoleApi>;
let deliveryId: string;
beforeAll(async () => {
  hookline = await startHookline();
  api = consoleApi(hookline);
  ({ deliveryId } = await hookline.deliver('ping', ping));
  await hookline.ended(deliveryId);
  // The git host sends a ping of its own when the webhook is made.
  await hookline.ended('"event":"ping"', 2);
});
afterAll(async () => {
  await hookline?.remove();
});

const around = () => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now() + HOUR).toISOString(),
});

const named = z.object({ name: z.string() });
const progress = z.looseObject({ state: z.string(), done: z.number() });
const histogramSchema = z.object({ counts: z.array(z.number()), more: z.boolean() });
const lineSchema = z.union([
  z.object({ done: z.number(), all: z.number() }).strict(),
  z.object({
    result: z.object({
      deliveries: z.number(),
      unknown: z.number(),
      matches: z.record(z.string(), z.number()),
      ignored: z.record(z.string(), z.number()),
    }),
  }),
  z.object({ message: z.string() }),
]);

const forecastLines = async (body: unknown) => {
  const response = await api.post('replays/forecast', body);
  const text = await response.text();
  const lines = text
    .trim()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)));
  return { type: response.headers.get('content-type'), lines };
};

const histogram = async (span: { from: string; to: string }, parts: number) =>
  histogramSchema.parse(
    await (
      await api.get(`replays/histogram?${new URLSearchParams({ ...span, parts: String(parts) })}`)
    ).json(),
  );

const replay = async (rules: readonly string[]): Promise<string> => {
  const { name } = named.parse(await (await api.post('replays', { ...around(), rules })).json());
  await vi.waitFor(async () => {
    const { state } = progress.parse(await (await api.get(`replays/${name}`)).json());
    expect(state).toBe('COMPLETED');
  });
  return name;
};

describe('the archive', () => {
  it('says how many events it holds, how large it is and for how long it keeps them', async () => {
    const answer = await (await api.get('archive')).json();
    expect(answer).toMatchObject({ name: hookline.outputs.archiveName, retentionDays: 90 });
    const { events, bytes, since } = z
      .object({ events: z.number(), bytes: z.number(), since: z.iso.datetime() })
      .parse(answer);
    expect(events).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0);
    expect(Date.parse(since)).toBeLessThan(Date.now());
  });
});

describe('the histogram', () => {
  it('counts each delivery once, in the part of the span in which it came', async () => {
    const { counts, more } = await histogram(around(), 2);
    const [before = 0, after = 0] = counts;
    expect(before + after).toBe(2);
    expect(more).toBe(false);
  });

  it('of a span that ends in another age asks for no day that is not there yet', async () => {
    const { counts } = await histogram({ ...around(), to: '9999-01-01T00:00:00Z' }, 2);
    expect(counts).toEqual([2, 0]);
  });

  it('is not changed by a replay, which is of the same deliveries', async () => {
    const before = await histogram(around(), 1);
    const name = await replay([]);
    await vi.waitFor(async () => {
      const response = await api.get(`deliveries?replayName=${name}`);
      expect(z.object({ rows: z.array(z.unknown()) }).parse(await response.json()).rows).toHaveLength(2);
    });
    expect(await histogram(around(), 1)).toEqual(before);
  });

  it('refuses a span that is none, naming what is wrong', async () => {
    const response = await api.get('replays/histogram?from=yesterday&to=2026-01-31T09:00:00Z&parts=9');
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('from: ') },
    });
  });
});

describe('a forecast', () => {
  it('says line by line how far it is, and at its end how many each rule would take', async () => {
    const { type, lines } = await forecastLines({ ...around(), rules: [] });
    expect(type).toContain('application/x-ndjson');
    expect(lines.slice(0, -1)).toEqual([
      { done: 1, all: 2 },
      { done: 2, all: 2 },
    ]);
    expect(lines.at(-1)).toEqual({
      result: {
        deliveries: 2,
        matches: { default: 2, demo: 0 },
        ignored: { default: 0, demo: 0 },
        unknown: 0,
      },
    });
  });

  it('asks for the chosen rules only', async () => {
    const { lines } = await forecastLines({ ...around(), rules: ['demo'] });
    expect(lines.at(-1)).toMatchObject({ result: { matches: { demo: 0 } } });
  });

  it('takes a span in any time zone', async () => {
    const inZone = (time: string): string =>
      `${new Date(Date.parse(time) + 5 * HOUR).toISOString().slice(0, -1)}+05:00`;
    const { from, to } = around();
    const { lines } = await forecastLines({ from: inZone(from), to: inZone(to), rules: [] });
    expect(lines.at(-1)).toMatchObject({ result: { deliveries: 2 } });
  });

  it('ends with what went wrong', async () => {
    const { from, to } = around();
    const { lines } = await forecastLines({ from: to, to: from, rules: [] });
    expect(lines).toEqual([{ message: `the replay would end at ${from}, before it begins at ${to}` }]);
    const { lines: unknown } = await forecastLines({ from, to, rules: ['none'] });
    expect(unknown).toEqual([{ message: 'no rule none is deployed: there are default, demo' }]);
  });
});

describe('a replay', () => {
  it('is started for the chosen rules, described while it runs, and listed with the others, newest first', async () => {
    const first = await replay(['demo']);
    const second = await replay([]);
    const described = await (await api.get(`replays/${first}`)).json();
    expect(described).toMatchObject({ name: first, state: 'COMPLETED', done: 1, rules: ['demo'] });
    expect(await (await api.get(`replays/${second}`)).json()).toMatchObject({ rules: [] });
    const list = z.array(named).parse(await (await api.get('replays')).json());
    expect(list.slice(0, 2)).toEqual([{ name: second }, { name: first }]);
  });

  it('stays as it has ended when a cancellation comes too late', async () => {
    const name = await replay(['demo']);
    expect((await api.post(`replays/${name}/cancel`, {})).status).toBe(200);
    expect(await (await api.get(`replays/${name}`)).json()).toMatchObject({ state: 'COMPLETED' });
  });

  it('is not found under a name that none has', async () => {
    const response = await api.get('replays/none');
    expect(response.status).toBe(404);
    expect((await api.post('replays/none/cancel', {})).status).toBe(404);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('none') });
  });
});
