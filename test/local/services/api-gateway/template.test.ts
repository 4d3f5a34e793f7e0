import fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { detailSchema, headersSchema } from '../../../../events/bus-event.ts';
import { usualProvider } from '../../../../events/providers/index.ts';
import { requestTemplate } from '../../../../infra/door-templates.ts';
import { renderTemplate, type TemplateInput } from '../../../../local/services/api-gateway/template.ts';
import { throttle } from '../../../../local/services/api-gateway/throttle.ts';

const SIGNATURE = `sha256=${'a'.repeat(64)}`;

const input = (body: string, headers: Record<string, string> = {}): TemplateInput => ({
  body,
  headers: new Map(
    Object.entries({
      'X-GitHub-Event': 'push',
      'X-GitHub-Delivery': 'd-1',
      'X-Hub-Signature-256': SIGNATURE,
      ...headers,
    }),
  ),
  query: new Map(),
  path: new Map(),
  context: {},
});

/** The detail of the one entry that the door makes of a request. */
function detailOf(request: TemplateInput): Record<string, unknown> {
  const { Entries } = JSON.parse(renderTemplate(requestTemplate(usualProvider, 'bus'), request));
  // Neither a member more nor one less than its readers know.
  return detailSchema.strict().parse(JSON.parse(Entries[0].Detail));
}

const render = (template: string, request = input('{}')) => renderTemplate(template, request);

const { headers: names, patterns } = usualProvider.door;
const HEADERS = [
  { name: 'event', header: names.event },
  { name: 'delivery', header: names.delivery },
  { name: 'signature', header: names.signature },
  { name: 'host', header: names.host },
] as const;

describe("the door's template", () => {
  it('carries any body byte for byte, and its payload as it was parsed', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: 'grapheme' }),
          fc.json().map((json): unknown => JSON.parse(json)),
        ),
        (payload) => {
          const body = JSON.stringify(payload);
          const detail = detailOf(input(body));
          expect(Buffer.from(String(detail.body), 'base64').toString()).toBe(body);
          expect(detail.payload).toEqual(JSON.parse(body));
        },
      ),
    );
  });

  it('takes a header as its host writes it and nothing else, of which nothing is evaluated', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '$input.body',
        '#set($q = 1)',
        `\${q}`,
        '#if(true)x#end',
        '$util',
        '\\"}',
        '*#',
      ),
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom(...HEADERS), (text, { name, header }) => {
        const request = input('{}', { [header]: text });
        const entries = JSON.parse(render(requestTemplate(usualProvider, 'bus'), request));
        const isTaken = new RegExp(`^(?:${patterns[name]})$`).test(text) || (name === 'host' && text === '');
        expect(entries.Entries).toHaveLength(isTaken ? 1 : 0);
        if (!isTaken) return;
        const { event, deliveryId, headers, host } = detailOf(request);
        const { signature } = headersSchema.parse(headers);
        expect({ event, delivery: deliveryId, signature, host }[name]).toBe(text || 'github.com');
      }),
    );
  });

  it('takes a tenant for a host below the domain of its provider, unless a host is named', () => {
    expect(detailOf(input('{}', { 'X-GitHub-Tenant': 'acme' })).host).toBe('acme.ghe.com');
    const both = { 'X-GitHub-Tenant': 'acme', 'X-GitHub-Enterprise-Host': 'ghes.test' };
    expect(detailOf(input('{}', both)).host).toBe('ghes.test');
    const strange = render(requestTemplate(usualProvider, 'bus'), input('{}', { 'X-GitHub-Tenant': 'a"' }));
    expect(JSON.parse(strange)).toEqual({ Entries: [] });
  });

  it('finds headers in any case, and takes github.com for a host that is not named', () => {
    expect(detailOf(input('{}', { 'x-hub-signature-256': SIGNATURE }))).toMatchObject({
      provider: 'github',
      host: 'github.com',
      deliveryId: 'd-1',
      headers: { signature: SIGNATURE },
    });
    expect(detailOf(input('{}', { 'X-GITHUB-ENTERPRISE-HOST': 'ghes.test' })).host).toBe('ghes.test');
  });

  const push = (commits: number, more: object = {}) => ({
    ref: 'refs/heads/a',
    created: true,
    base_ref: null,
    repository: { full_name: 'a/b', topics: ['x'] },
    commits: Array.from({ length: commits }, (_, n) => ({ id: `${n}`, message: 'm'.repeat(900) })),
    head_commit: { id: '1', message: 'fix "quotes" \\ and ünï 🎣' },
    pusher: { name: 'octocat' },
    ...more,
  });

  it('keeps of a large payload whatever is small, for rules to match on, and the whole body', () => {
    for (const commits of [450, 700]) {
      const payload = push(commits);
      const detail = detailOf(input(JSON.stringify(payload)));
      const { commits: _, ...small } = payload;
      expect(detail.payload).toEqual(small);
      expect(Buffer.from(String(detail.body), 'base64').toString()).toBe(JSON.stringify(payload));
    }
    expect(detailOf(input(JSON.stringify(push(350)))).payload).toEqual(push(350));
  });

  it('looks for what is small at the first thousand members of a large payload, in little time and memory', () => {
    const members = (from: number) =>
      Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`m${from + n}`, 1]));
    const { payload } = detailOf(input(JSON.stringify(members(0))));
    expect(Object.keys(payload ?? {})).toEqual(Array.from({ length: 1000 }, (_, n) => `m${n}`));
    detailOf(input(JSON.stringify(members(50_000))));
    expect(Object.keys(JSONPath.cache).length).toBeLessThan(1100);
  });

  it('writes an object in place of a text as Java does, whatever the names of its members', () => {
    const summaryOf = (value: unknown) => {
      const { summary } = detailOf(input(JSON.stringify({ ref: value, repository: { full_name: value } })));
      return z.object({ ref: z.string(), repository: z.string() }).parse(summary);
    };
    const written: [unknown, string][] = [
      [{ toString: 5 }, '{toString=5}'],
      [[{ toString: null }, 'a'], '?'],
      [{ a: { toString: { valueOf: 1 } } }, '{a={toString={valueOf=1}}}'],
    ];
    for (const [value, text] of written) expect(summaryOf(value)).toEqual({ ref: text, repository: text });
  });

  it('carries what a message of SQS may not hold in the body alone', () => {
    const body = JSON.stringify({ ref: 'a\ufffe', repository: { full_name: 'a\uffff' }, text: '\uffffü😀' });
    const { payload, summary, ...detail } = detailOf(input(body));
    expect(payload).toEqual({ ref: 'a?', repository: { full_name: 'a?' }, text: '?ü😀' });
    expect(summary).toMatchObject({ ref: '?', repository: '?' });
    expect(Buffer.from(String(detail.body), 'base64').toString()).toBe(body);
  });

  it('makes no request of more than 1 MiB of any body up to 700 kB, and no entry of a larger one', () => {
    const fill = (unit: string, more: object) => {
      const rest = 700_000 - Buffer.byteLength(JSON.stringify({ ...more, x: '' }));
      return JSON.stringify({ ...more, x: unit.repeat(Math.floor(rest / Buffer.byteLength(unit))) });
    };
    const members = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`m${n}`, 'é'.repeat(90)]));
    for (const body of [fill('x', {}), fill('?', members), fill('漢', push(10)), fill('🎣', members)]) {
      const request = render(requestTemplate(usualProvider, 'bus'), input(body));
      expect(JSON.parse(request).Entries).toHaveLength(1);
      expect(Buffer.byteLength(request)).toBeLessThan(1024 * 1024);
    }
    const japanese = JSON.stringify(push(10, { x: '漢'.repeat(110_000) }));
    const halved = render(requestTemplate(usualProvider, 'bus'), input(japanese));
    expect(Buffer.byteLength(halved)).toBeLessThan(1024 * 1024);
    const larger = render(requestTemplate(usualProvider, 'bus'), input(fill('x', {}).replace('x"', 'xxxx"')));
    expect(JSON.parse(larger)).toEqual({ Entries: [] });
  });
});

describe('a mapping template', () => {
  it('calls the methods of a Java string', () => {
    expect(render('$input.params("X-GitHub-Event").toUpperCase()')).toBe('PUSH');
    expect(render('#set($a = "a.b.c")$a.replaceAll("\\.", "-") $a.replace(".", "+") $a.length()')).toBe(
      'a-b-c a+b+c 5',
    );
    expect(render('#set($a = "it\\\'s")$a.replaceAll("\\\\\'","\'")')).toBe("it's");
    expect(render('#set($a = "A")#if($a.equalsIgnoreCase("a"))yes#end')).toBe('yes');
    expect(() => render('#set($a = "x")$a.chars()')).toThrow(
      'the method chars of a string in a mapping template',
    );
  });

  it('compares as Velocity does: of two classes by their texts, so that an empty text is not 0', () => {
    const compared = (left: string, operator: string, right: string) =>
      render(`#set($a = ${left})#set($b = ${right})#if($a ${operator} $b)yes#{else}no#end`);
    expect(compared('""', '==', '0')).toBe('no');
    expect(compared('""', '!=', '0')).toBe('yes');
    expect(compared('"0"', '==', '0')).toBe('yes');
    expect(compared('"a"', '==', '"a"')).toBe('yes');
    expect(compared('2', '!=', '2')).toBe('no');
    expect(render("#if($input.path('$.none') == 0)yes#{else}no#end")).toBe('no');
  });

  it('goes through the first thousand items of a list or a map, and through each loop anew', () => {
    const list = JSON.stringify(Array.from({ length: 1200 }, () => 'x'));
    const map = JSON.stringify(Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`m${n}`, 'x'])));
    const loop = "#foreach($each in $input.path('$'))$each#end";
    for (const body of [list, map])
      expect(render(`${loop}|#foreach($n in [1..3])${loop}$foreach.count#end`, input(body))).toBe(
        `${'x'.repeat(1000)}|${[1, 2, 3].map((n) => `${'x'.repeat(1000)}${n}`).join('')}`,
      );
  });

  it('escapes what Commons Lang escapes: what is beyond ASCII, and no DEL', () => {
    const escaped = render(
      "$util.escapeJavaScript($input.path('$.a'))",
      input('{"a":"\u007f\u0080\\u001fü/"}'),
    );
    expect(escaped).toBe('\u007f\\u0080\\u001F\\u00FC\\/');
  });

  it('reads a path that leads nowhere as an empty string', () => {
    expect(
      render("$input.json('$.none')|$input.path('$.none')|$input.json('$.a')", input('{"a":[1,"b"]}')),
    ).toBe('""||[1,"b"]');
  });
});

describe('the throttle', () => {
  it('lets a burst in, and then its rate', () => {
    let now = 0;
    const admit = throttle(2, 3, () => now);
    expect([admit(), admit(), admit(), admit()]).toEqual([true, true, true, false]);
    now = 500;
    expect([admit(), admit()]).toEqual([true, false]);
  });
});
