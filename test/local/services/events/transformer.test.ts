import { describe, expect, it } from 'vitest';
import { transformer } from '../../../../local/services/events/transformer.ts';

const RULE = 'arn:aws:events:us-east-1:000000000000:rule/bus/mine';
const DETAIL =
  '{"text":"a \\"b\\" \\\\ c","none":null,"yes":true,"no":false,"zero":0,"half":0.5,"empty":"","list":[1,"x"],"object":{"k":"v"},"big":12345678901234567890}';
const json = `{"version":"0","id":"1","detail-type":"t","source":"s","resources":["r1","r2"],"detail":${DETAIL}}`;
const body = { json, event: JSON.parse(json), ingested: Date.UTC(2026, 0, 2) };
const names = ['text', 'none', 'yes', 'no', 'zero', 'half', 'empty', 'list', 'object', 'absent'];
const InputPathsMap = {
  ...Object.fromEntries(names.map((name) => [name, `$.detail.${name}`])),
  type: '$.detail-type',
  second: '$.resources[1]',
};
const made = (InputTemplate: string): string =>
  transformer({ InputTransformer: { InputPathsMap, InputTemplate } })({
    body,
    ruleArn: RULE,
    ruleName: 'mine',
  });

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
describe('a transformed event', () => {
  it.each<[string, string]>([
    ['{"a": <text>}', '{"a": "a \\"b\\" \\\\ c"}'],
    ['{"a": <none>}', '{"a": null}'],
    ['{"a": <yes>, "b": <no>}', '{"a": true, "b": false}'],
    ['{"a": <zero>, "b": <half>}', '{"a": 0, "b": 0.5}'],
    ['{"a": <list>, "b": <object>}', '{"a": [1,"x"], "b": {"k":"v"}}'],
    ['{"a": <empty>, "b": <absent>}', '{"a": "", "b": ""}'],
    ['{"a": "<yes> <no> <none> <zero> <half>"}', '{"a": "true false null 0 0.5"}'],
    ['{"a": "[<empty>|<absent>]"}', '{"a": "[|]"}'],
    ['{"a": "<text>"}', '{"a": "a "b" \\ c"}'],
    ['{"a": "<type>", "b": [<second>, "<second>"]}', '{"a": "t", "b": ["r2", "r2"]}'],
    ['"<type> is <object> and <list>"', '"t is {k:v} and [1,x]"'],
    ['"<type>"\n"<zero>"', '"t"\n"0"'],
    [
      '{"r": <aws.events.rule-name>, "s": "<aws.events.rule-arn>", "t": "<aws.events.event.ingestion-time>"}',
      `{"r": "mine", "s": "${RULE}", "t": "2026-01-02T00:00:00.000Z"}`,
    ],
    ['{"e": <aws.events.event.json>}', `{"e": ${json}}`],
    [
      '{"e": <aws.events.event>}',
      '{"e": {"version":"0","id":"1","source":"s","resources":["r1","r2"],"detailType":"t"}}',
    ],
  ])('%s', (template, expected) => {
    expect(made(template)).toBe(expected);
  });

  it.each(['{"a": "<list>"}', '{"a": "x <object>"}'])('is nothing of %s', (template) => {
    expect(() => made(template)).toThrow(expect.objectContaining({ code: 'InvalidInputTransformation' }));
  });

  it.each<[string, RegExp]>([
    ['{"a": "<aws.events.event>"}', /<aws.events.event> in quotes/],
    ['{"a": "<aws.events.event.json>"}', /<aws.events.event.json> in quotes/],
    ['"all of <aws.events.event.json>"', /<aws.events.event.json> in quotes/],
    ['{"<type>": 1}', /<type> in the name of a field/],
    ['{"a <type>" : 1}', /<type> in the name of a field/],
    ['{"a": <aws.events.event.detail>}', /<aws.events.event.detail>, which/],
    ['{"a": "<nope>"}', /<nope>, which/],
    ['{"a": "1 < 2"}', /a < that begins no placeholder/],
    ['"<https://a.example|<type>>"', /a < that begins no placeholder/],
  ])('is refused by %s', (template, message) => {
    expect(() => made(template)).toThrow(message);
  });

  it.each(['a', 'detail.a', ''])('has no path %j', (path) => {
    const given = { InputPathsMap: { p: path }, InputTemplate: '{"a": <p>}' };
    const refused = expect.objectContaining({ code: 'ValidationException' });
    expect(() => transformer({ InputTransformer: given })).toThrow(refused);
    expect(() => transformer({ InputPath: path })).toThrow(refused);
  });

  it.each(["$['a']", '$..a', '$.a[?(@.b)]', '$.a b', '$.', '$a', '$.a[-1]'])(
    'has no path %s',
    (InputPath) => {
      expect(() => transformer({ InputPath })).toThrow('is not a path that EventBridge takes');
    },
  );

  it('has no path with a wildcard, which EventBridge has', () => {
    expect(() => transformer({ InputPath: '$.detail.list[*]' })).toThrow(
      expect.objectContaining({ code: 'UnsupportedOperation' }),
    );
  });
});
