import { JSONPath } from 'jsonpath-plus';
import { parse } from 'velocityjs';
import { javaStrings } from './java.ts';
import { Velocity } from './velocity.ts';

/** The values that a mapping template reads. */
export interface TemplateInput {
  readonly body: string;
  /** names in the case in which they came */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly path: ReadonlyMap<string, string>;
  /** `$context`: a template may set `responseOverride` */
  readonly context: Record<string, unknown>;
}

const parsed = new Map<string, ReturnType<typeof parse>>();

/** Renders a mapping template. @throws when it calls what API Gateway has and this does not, or is no template */
export function renderTemplate(template: string, input: TemplateInput): string {
  let asts = parsed.get(template);
  if (!asts) {
    asts = parse(template);
    parsed.set(template, asts);
  }
  const compiled = new Velocity(asts, { customMethodHandlers: [javaStrings] });
  return compiled.render({ input: inputOf(input), util, context: input.context });
}

/** `$input` */
function inputOf({ body, headers, query, path }: TemplateInput): object {
  // jsonpath-plus keeps every expression for ever, and a template makes some of the names in a body.
  JSONPath.cache = {};
  let json: unknown;
  const value = (expression: string): unknown => {
    json ??= parseJson(body);
    return JSONPath({ path: expression, json: json as object, wrap: false, eval: false });
  };
  const all = { path: mapOf(path), querystring: mapOf(query), header: mapOf(headers) };
  return {
    body,
    path: (expression: string) => value(expression) ?? '',
    // A path that leads nowhere is an empty string, in JSON as well.
    json: (expression: string) => {
      const found = value(expression);
      return JSON.stringify(found === undefined ? '' : found);
    },
    params: (name?: string) =>
      name === undefined
        ? {
            path: all.path,
            querystring: all.querystring,
            header: all.header,
            get: (kind: keyof typeof all) => all[kind],
          }
        : (path.get(name) ?? query.get(name) ?? headers.get(name) ?? ''),
  };
}

/** A Java map: its names come from outside, so none of them is a property. */
function mapOf(values: ReadonlyMap<string, string>): object {
  return {
    get: (name: string) => values.get(name) ?? '',
    containsKey: (name: string) => values.has(name),
    keySet: () => [...values.keys()],
    size: () => values.size,
  };
}

/** `$util` */
const util = {
  escapeJavaScript: (value: unknown) => escapeJavaScript(String(value ?? '')),
  parseJson: (text: string) => parseJson(text),
  urlEncode: (text: string) => encodeURIComponent(text).replaceAll('%20', '+'),
  urlDecode: (text: string) => decodeURIComponent(text.replaceAll('+', ' ')),
  base64Encode: (text: string) => Buffer.from(text).toString('base64'),
  base64Decode: (text: string) => Buffer.from(text, 'base64').toString(),
};

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\\': '\\\\',
};

/** As Apache Commons Lang writes a JavaScript string, which is what API Gateway uses. */
function escapeJavaScript(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
    /["'/\\\u0000-\u001f\u0080-\uffff]/g,
    (character) =>
      ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
