/** What a template reads, by the name between its braces: `""` for what a delivery has not. */
export type Values = Readonly<Record<string, string>>;

/** `{tag|none}`: the name of a value, and what stands in its place where the delivery has none. */
export interface Placeholder {
  readonly name: string;
  readonly fallback: string;
}

/** A member of the payload by its path. A number is the place in a list: `payload.pull_request.labels.0.name`. */
const MEMBER = 'payload(?:\\.[A-Za-z0-9_-]+)+';
const PLACEHOLDER = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;

/** The form of a template. */
export interface TemplateForm {
  /** the names between braces, beside the members of the payload */
  readonly names: readonly string[];
  /** a character outside of braces and of a fallback, as a regular expression */
  readonly character: string;
}

/** The regular expression of a template that is not empty: JSON Schema has it too. */
export function templatePattern({ names, character }: TemplateForm): RegExp {
  const known = names.map((name) => name.replaceAll('.', '\\.')).join('|');
  return new RegExp(`^(?:${character}|\\{(?:${known}|${MEMBER})(?:\\|(?:${character})*)?\\})+$`);
}

/** What is wrong with a text that is no such template, in words. */
export function templateProblem(text: unknown, { names, character }: TemplateForm): string {
  const pattern = templatePattern({ names, character });
  const wrong = String(text)
    .match(PLACEHOLDER)
    ?.find((placeholder) => !pattern.test(placeholder));
  const those = `the placeholders are {${names.join('}, {')}} and {payload.MEMBER}, each with a default as in {${names.at(-1)}|none}`;
  return wrong === undefined ? those : `there is no ${wrong}: ${those}`;
}

export const hasPlaceholder = (template: string): boolean => template.includes('{');

/** The placeholders of a template, in their order. */
export function placeholdersOf(template: string): Placeholder[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name = '', fallback = '']) => ({ name, fallback }));
}

/** The text that a template comes to. What a value holds is no placeholder. */
export function filled(template: string, values: Values): string {
  return template.replace(
    PLACEHOLDER,
    (_, name: string, fallback = '') => valueNamed(values, name) || fallback,
  );
}

/** The first placeholder that has neither a value nor a default. */
export const missingIn = (template: string, values: Values): string | undefined =>
  placeholdersOf(template).find(({ name, fallback }) => (valueNamed(values, name) || fallback) === '')?.name;

const valueNamed = (values: Values, name: string): string =>
  Object.hasOwn(values, name) ? (values[name] ?? '') : '';

/** A text on one line: control characters and the ends of lines become one space. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** The beginning of a text, which never ends in half a character. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
