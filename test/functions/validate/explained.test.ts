import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRule } from '../../../events/rule-file.ts';
import { ruleInput, ruleOptions } from '../../../events/rule-input.ts';
import { handler } from '../../../functions/validate/index.ts';
import { eventOfPayload } from '../../../operate/deliveries/event.ts';
import { routeOptionsIn } from '../../../operate/rules/route-options.ts';
import { readEvent, verdictOf } from '../../../operate/rules/verdict.ts';
import {
  type Aws,
  context,
  deployRules,
  HOST,
  rawInput,
  startAws,
} from '../../support/functions/validate-aws.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.close());

const EVENTS = ['push', 'create', 'delete', 'pull_request', 'issue_comment', 'repository', 'ping', 'watch'];
const STATES = {
  ping: 'Pong',
  ignored: 'Ignored',
  pull: 'Pull',
  retire: 'Retire',
  close: 'Ignored',
  approve: 'Approve',
};

/** What Validate answers, of which the machine's choices need no more. */
interface Decided {
  readonly route: keyof typeof STATES;
  readonly delivery: { readonly ref?: string | undefined };
}

/** The pointer of a closed request goes, where it has one of its own. */
const stateOf = ({ route, delivery: { ref = '' } }: Decided): string =>
  route === 'close' && ref.startsWith('refs/pull/') ? 'Retire' : STATES[route];

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const file = fc.constantFrom('README.md', 'src/a.ts', 'src/docs/a.md', 'docs/b.md', 'a<b>.txt');
const globs = fc
  .array(fc.constantFrom('src/**', '!src/docs/**', 'docs/**', '*.md', '**', '!README.md', 'a<b>*'), {
    minLength: 1,
  })
  .filter((patterns) => patterns.some((pattern) => !pattern.startsWith('!')));

const rules = fc
  .record({
    events: fc.uniqueArray(fc.constantFrom(...EVENTS), { minLength: 1 }),
    other: optional(fc.uniqueArray(fc.constantFrom(...EVENTS), { minLength: 1 })),
    requests: fc.constantFrom(
      {},
      { 'pull-request': { forks: 'approved' } },
      { 'pull-request': { of: 'merge' } },
    ),
    filter: fc.oneof(
      fc.constant({}),
      globs.map((paths) => ({ paths })),
      globs.map((ignored) => ({ 'paths-ignore': ignored })),
    ),
  })
  .map(({ events, other, requests, filter }) => {
    const match = other ? { $or: [{ event: events }, { event: other }] } : { event: events };
    return parseRule(
      JSON.stringify({ description: 'a rule', match, ...requests, ...filter }),
      'default.yaml',
    );
  });

const sha = fc.constantFrom('1'.repeat(40), '0'.repeat(40), 'no id');
const commit = fc.record(
  { added: fc.array(file), removed: fc.array(file), modified: fc.array(file) },
  { requiredKeys: [] },
);
const repository = fc.constantFrom({ full_name: 'acme/app', default_branch: 'main' }, { full_name: '..' });
const payloads = fc.record(
  {
    ref: fc.constantFrom('refs/heads/main', 'refs/tags/v1', 'refs/pull/1/head', 'main', 'a..b'),
    ref_type: fc.constantFrom('branch', 'tag', 'repository'),
    action: fc.constantFrom('created', 'opened', 'closed', 'labeled'),
    number: fc.constant(1),
    label: fc.constant({ name: 'ok-to-test' }),
    after: sha,
    deleted: fc.boolean(),
    forced: fc.boolean(),
    commits: fc.array(commit, { maxLength: 3 }),
    pull_request: fc.record({
      head: fc.record({ ref: fc.constant('topic'), sha, repo: repository }),
      base: fc.constant({ ref: 'main' }),
      draft: fc.boolean(),
    }),
    repository,
  },
  { requiredKeys: [] },
);

/** Most payloads of the whole space are malformed: a push as GitHub sends it is one of two. */
const pushes = payloads.map((payload) => ({
  ...payload,
  ref: payload.ref === 'refs/tags/v1' ? payload.ref : 'refs/heads/main',
  after: '1'.repeat(40),
  repository: { full_name: 'acme/app' },
}));

/** An approval as GitHub sends it is one of many payloads too. */
const approvals = fc.constant({
  action: 'created',
  issue: { number: 1, pull_request: {} },
  comment: { body: `/ok-to-test ${'1'.repeat(40)}` },
  repository: { full_name: 'acme/app' },
});

const sent = fc.oneof(
  fc.record({ event: fc.constant('issue_comment'), payload: approvals }),
  fc.record({ event: fc.constant('push'), payload: pushes }),
  fc.record({ event: fc.constantFrom(...EVENTS), payload: payloads }),
);

describe('what "rules explain" says of a rule and a delivery', () => {
  it('is what Validate decides, for the delivery and for its payload pasted', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(rules, sent, async (rule, { event, payload }) => {
        deployRules(JSON.parse(JSON.stringify(ruleOptions(rule))));
        const body = JSON.stringify(payload);
        const decided = await handler(rawInput(event, body), context).then(
          (answer: Decided) => stateOf(answer),
          ({ name }: Error) => name,
        );
        seen.add(decided);

        const options = routeOptionsIn(ruleInput(rule).inputTemplate);
        const pasted = eventOfPayload(event, payload, HOST);
        const whole = { ...pasted, detail: { ...Object(pasted.detail), body: btoa(body) } };
        for (const told of [pasted, whole])
          expect(options && verdictOf(options, readEvent(told)).next).toBe(decided);
      }),
      { numRuns: 500 },
    );
    expect([...seen].toSorted()).toEqual(['Approve', 'Ignored', 'Malformed', 'Pong', 'Pull', 'Retire']);
  });

  it('names the pipeline that is named after the delivery', () => {
    const text =
      "description: a\nmatch: { event: [push] }\npipeline: { name: 'b-{name}-{branch}', prefix: b- }\n";
    const options = routeOptionsIn(ruleInput(parseRule(text, 'named.yaml')).inputTemplate);
    const found = (ref: string) => {
      const payload = { ref, after: '1'.repeat(40), repository: { full_name: 'acme/app' } };
      return options && verdictOf(options, readEvent(eventOfPayload('push', payload, HOST))).found;
    };
    expect(found('refs/heads/main')).toEqual([{ path: 'pipeline', value: 'b-app-main' }]);
    expect(found('refs/tags/v1')).toEqual([
      { path: 'pipeline', value: 'the pipeline b-{name}-{branch} has no {branch} for refs/tags/v1' },
    ]);
  });

  it('says what the rule makes of the payload, but for what the pull finds out', () => {
    const text = `description: a
match: { event: [push] }
pipeline:
  name: b
  variables: { BY: '{payload.pusher.name|nobody}', AT: '{commit}', IN: '{payload.list.1.a} <{branch}>', AS: whole }
status: { context: 'b of {payload.pusher.name|x}' }
`;
    const options = routeOptionsIn(ruleInput(parseRule(text, 'named.yaml')).inputTemplate);
    const repository = { full_name: 'acme/app' };
    const payload = { ref: 'refs/heads/main', after: '1'.repeat(40), repository, list: [{}, { a: 7 }] };
    const event = eventOfPayload('push', payload, HOST);
    expect(options && verdictOf(options, readEvent(event)).found).toEqual([
      { path: 'variable BY', value: '"nobody"' },
      { path: 'variable IN', value: '"7 <main>"' },
      { path: 'status', value: 'b of x' },
    ]);
  });

  it('is unknown for a rule whose target holds no options, or no template of ours', () => {
    expect(routeOptionsIn('{"rule":"default","body":"<body>"}')).toBeUndefined();
    expect(routeOptionsIn('<body>')).toBeUndefined();
    expect(routeOptionsIn('{"options":{"asksFor":["push"],"of another version":true}}')).toEqual({
      asksFor: ['push'],
      status: false,
    });
  });
});
