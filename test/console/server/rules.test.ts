import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { consoleApi } from '../../support/console-api.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

let hookline: Hookline;
let api: ReturnType<typeof consoleApi>;
let deliveryId: string;
beforeAll(async () => {
  hookline = await startHookline();
  api = consoleApi(hookline);
  ({ deliveryId } = await hookline.deliver('watch', { repository: { full_name: 'hookline/demo' } }));
  await hookline.ended(deliveryId);
  await hookline.ended('"event":"ping"');
});
afterAll(async () => {
  await hookline?.remove();
});

const countsSchema = z.object({
  days: z.array(z.string()),
  counts: z.record(z.string(), z.array(z.number())),
  more: z.boolean(),
});

describe('the rules', () => {
  it('say what each matches, in words', async () => {
    expect(await (await api.get('rules')).json()).toEqual({
      rules: [
        {
          name: 'default',
          description: "every push of every repository but the demo's becomes an artifact",
          enabled: true,
          clauses: [
            { path: 'event', words: 'is "push" or is "ping"' },
            { path: 'payload.repository.full_name', words: 'is not "hookline/demo" or is not there' },
          ],
        },
        expect.objectContaining({
          name: 'demo',
          clauses: [{ path: 'payload.repository.full_name', words: 'is "hookline/demo"' }],
        }),
      ],
      problems: [],
      canSave: false,
    });
  });

  it('are counted for each of the last seven days', async () => {
    const { days, counts, more } = countsSchema.parse(await (await api.get('rules/counts')).json());
    expect(days).toHaveLength(7);
    expect(days).toEqual(days.toSorted());
    expect(counts.default).toHaveLength(7);
    // The git host's ping at the start is one too.
    expect(counts.default?.reduce((sum, count) => sum + count)).toBe(1);
    expect(counts.demo?.reduce((sum, count) => sum + count)).toBe(1);
    expect(more).toBe(false);
  });
});

describe('an explanation', () => {
  const explain = async (body: unknown) => {
    const response = await api.post('rules/explain', body);
    return { status: response.status, body: await response.json() };
  };

  it('says of a delivery which conditions hold, and what it has there', async () => {
    const { body } = await explain({ delivery: deliveryId });
    const found = [{ path: 'payload.repository.full_name', value: '"hookline/demo"' }];
    expect(body).toMatchObject([
      {
        rule: 'default',
        matches: false,
        clauses: [
          { matches: false, found: [{ path: 'event', value: '"watch"' }] },
          { matches: false, found },
        ],
      },
      {
        rule: 'demo',
        matches: true,
        clauses: [{ matches: true, found }],
        verdict: { next: 'Ignored', reason: 'the event watch names neither a branch nor a tag', found: [] },
      },
    ]);
    expect(body).not.toHaveProperty('0.verdict');
  });

  it('says of a pasted payload that nothing is where a rule looks', async () => {
    const { body } = await explain({
      event: 'push',
      host: 'github.com',
      payload: { ref: 'refs/heads/main' },
    });
    expect(body).toMatchObject([
      {
        rule: 'default',
        matches: true,
        clauses: [{ path: 'event' }, { found: [{ path: 'payload.repository.full_name' }] }],
        verdict: { next: 'Malformed', reason: expect.stringContaining('repository is missing') },
      },
      { rule: 'demo', matches: false },
    ]);
    expect(body).not.toHaveProperty('0.clauses.1.found.0.value');
  });

  it('refuses what is no payload, and a delivery that is not there', async () => {
    expect(await explain({ event: 'push', host: 'github.com', payload: [] })).toMatchObject({ status: 400 });
    expect(await explain({ delivery: 'none' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('no delivery none') },
    });
  });
});

describe('a draft', () => {
  const empty = {
    name: 'acme-main',
    description: '',
    event: ['push'],
    repository: '',
    ref: '',
    pipeline: '',
    status: false,
    skipCi: false,
    skipSuperseded: false,
    paths: [],
  };
  const draft = async (wanted: object) => (await api.post('rules/draft', { ...empty, ...wanted })).json();

  it('is the YAML of a rule', async () => {
    const wanted = {
      description: 'the site',
      event: ['push', ''],
      repository: 'acme/*',
      ref: 'refs/heads/main',
      pipeline: 'acme-main',
      status: true,
      skipCi: true,
      skipSuperseded: true,
      paths: ['docs/**'],
    };
    expect(await draft(wanted)).toEqual({
      problems: [],
      text: `# yaml-language-server: $schema=../rule.schema.json
description: the site
match:
  event:
    - push
  payload:
    ref:
      - refs/heads/main
    repository:
      full_name:
        - prefix: acme/
paths:
  - docs/**
skip:
  - ci-words
pipeline: acme-main
status: true
superseded: skip
`,
    });
  });

  for (const [path, wanted, message] of [
    ['name', { name: 'Acme Main' }, 'a rule is named after its file'],
    ['pipeline', { pipeline: 'not a name' }, 'pipeline is "not a name": a pipeline name has 1 to 100'],
    ['description', { description: 'x'.repeat(513) }, '512'],
  ] as const)
    it(`says at the ${path} what is wrong with it`, async () => {
      const answer = await draft(wanted);
      expect(answer).toEqual({ problems: [{ path: [path], message: expect.stringContaining(message) }] });
    });

  it('says all that is wrong at once', async () => {
    const { problems } = z
      .object({ problems: z.array(z.object({ path: z.array(z.string()) })) })
      .parse(await draft({ pipeline: 'not a name', description: 'x'.repeat(513) }));
    expect(problems.map(({ path }) => path).toSorted()).toEqual([['description'], ['pipeline']]);
  });

  it('says of a pattern that is too long that the whole match is to blame', async () => {
    expect(await draft({ event: Array.from({ length: 300 }, (_, index) => `event-${index}`) })).toMatchObject(
      {
        problems: [{ path: ['match'], message: expect.stringContaining('2048') }],
      },
    );
  });
});
