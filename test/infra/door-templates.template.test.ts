import webhooks from '@octokit/webhooks-examples';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { renderTemplate } from '../../local/services/api-gateway/template.ts';
import { filled } from '../support/aws/filled.ts';
import { templateOf } from '../support/variants/synthesized.ts';
import { type Rendered, renderByVelocity, type VelocityCase } from '../support/velocity/velocity.ts';

const templatesSchema = z.object({ 'application/json': z.string() });
const methodSchema = z.object({
  Integration: z.object({
    RequestTemplates: templatesSchema,
    IntegrationResponses: z.array(z.object({ StatusCode: z.string(), ResponseTemplates: templatesSchema })),
  }),
});
const template = templateOf('default');
const [method] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Method');
const { Integration } = methodSchema.parse(filled(template, method?.Properties));
const request = Integration.RequestTemplates['application/json'];
const answers = Integration.IntegrationResponses.map(
  ({ ResponseTemplates }) => ResponseTemplates['application/json'],
);

const USUAL = {
  'X-GitHub-Event': 'push',
  'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'X-Hub-Signature-256': `sha256=${'a'.repeat(64)}`,
  'X-GitHub-Enterprise-Host': 'ghes.example.com',
};

const caseOf = (template: string, body: unknown, headers: Record<string, string> = {}): VelocityCase => ({
  template,
  input: {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: new Map(Object.entries({ ...USUAL, ...headers })),
    query: new Map(),
    path: new Map(),
    context: { responseOverride: {} },
  },
});

const examples = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) })).parse(webhooks);

const HOSTILE = [
  '"',
  "'",
  '\\',
  '\\"',
  '","rule":"other',
  '#set($event = "push")',
  '#end',
  '#if(true)x#end',
  '##',
  '#*',
  '$',
  '$event',
  '${signature}',
  '$!{nothing}',
  '$input.body',
  '$util.base64Encode("x")',
  '\u0000\u0001\u001f\u007f',
  '\n\r\t\b\f',
  'ü€😀\u2028\u2029\ufeff\ufffe\uffff',
  '</script>',
  '',
  ' ',
];

const push = (kilobytes: number, filler: string) => ({
  ref: 'refs/heads/main',
  "it's": 1,
  'with space': 2,
  commits: filler.repeat((kilobytes * 1000) / Buffer.byteLength(filler)),
  after: 'a'.repeat(40),
  repository: { full_name: 'acme/app' },
});
const numbered = (members: number) =>
  Object.fromEntries(Array.from({ length: members }, (_, n) => [`m${n}`, n]));
const FILLERS = ['x', 'ü', '😀', '"', '#set($x = 1)$payload'];

const ANSWERS = [
  { FailedEntryCount: 0, Entries: [{ EventId: '11710aed-b79e-4468-a20b-bb3c0c3b4860' }] },
  { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'one' }] },
  { __type: 'ValidationException', message: 'one' },
  { __type: 'com.amazonaws.events#ThrottlingException' },
  {},
];

/** What both engines are asked. Starting Java takes a second, so that they are asked at once. */
const CASES = {
  'every payload of GitHub’s documentation': examples.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload) => caseOf(request, payload, { 'X-GitHub-Event': name })),
  ),
  'headers that try to be something else': Object.keys(USUAL).flatMap((name) =>
    HOSTILE.flatMap((value) => [
      caseOf(request, { zen: 'x' }, { [name]: value }),
      ...answers.map((each) => caseOf(each, ANSWERS[0], { [name]: value })),
      ...answers.map((each) => caseOf(each, ANSWERS[2], { [name]: value })),
    ]),
  ),
  'tenants that try to be something else': HOSTILE.flatMap((value) =>
    [request, ...answers].map((each) =>
      caseOf(each, ANSWERS[2], { 'X-GitHub-Enterprise-Host': '', 'X-GitHub-Tenant': value }),
    ),
  ),
  'payloads that try to be something else': HOSTILE.map((value) =>
    caseOf(request, { ref: value, nested: [{ [value]: value }], [`a${value}`]: 1 }),
  ),
  'objects where a host sends a text': [{ toString: 5 }, { a: 'b', valueOf: null }, {}].map((value) =>
    caseOf(request, { ref: value, repository: { full_name: value } }),
  ),
  'what EventBridge answers': ANSWERS.flatMap((body) => answers.map((each) => caseOf(each, body))),
  'bodies that go along whole, in part or not at all': [
    ...[340, 360, 690, 710].flatMap((size) => FILLERS.map((filler) => caseOf(request, push(size, filler)))),
    caseOf(request, push(10_000, `${FILLERS.join('')} `)),
    caseOf(request, { ...numbered(1200), ...push(360, 'x') }),
  ],
} satisfies Record<string, VelocityCase[]>;

/** What hookline up makes of a case. */
function renderHere({ template, input }: VelocityCase): Rendered {
  const text = renderTemplate(template, input);
  const { status = '' } = z.object({ status: z.unknown() }).partial().parse(input.context.responseOverride);
  return { text, status: String(status) };
}

describe('Apache Velocity and the engine of hookline up', () => {
  const rendered = new Map<VelocityCase, Rendered>();
  beforeAll(async () => {
    const cases = Object.values(CASES).flat();
    const answered = await renderByVelocity(cases);
    for (const [index, each] of cases.entries()) {
      const there = answered[index];
      if (there) rendered.set(each, there);
    }
  });

  it.each(Object.entries(CASES))('make the same of %s, byte for byte', (_what, cases) => {
    expect(cases).not.toHaveLength(0);
    for (const each of cases) {
      const here = renderHere(each);
      const there = rendered.get(each);
      // Of texts as long as these, a test's own comparison would print both.
      if (here.text !== there?.text || here.status !== there.status)
        expect({ ...shortened(here), headers: each.input.headers }).toEqual(there && shortened(there));
    }
  });

  it('hold what differs against each other', () => {
    const [one] = CASES['what EventBridge answers'];
    if (!one) throw new Error('there is no case: name one');
    expect(renderHere({ ...one, template: `${one.template} ` })).not.toEqual(rendered.get(one));
  });
});

const shortened = ({ text, status }: Rendered) => ({ status, text: text.slice(0, 2000) });
