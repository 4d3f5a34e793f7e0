import { unsupported } from '../../core/aws-error.ts';

/** Java's replacement text as JavaScript's: `$1` is a group in both, `\` quotes what follows it only in Java. */
const replacement = (text: string): string =>
  text.replace(/\\(.)|\$(?!\d)/gs, (_, quoted: string | undefined) =>
    quoted === undefined || quoted === '$' ? '$$$$' : quoted,
  );

const METHODS: Readonly<Record<string, (text: string, args: readonly unknown[]) => unknown>> = {
  charAt: (text, [index]) => text.charAt(Number(index)),
  concat: (text, [other]) => text + String(other),
  contains: (text, [part]) => text.includes(String(part)),
  endsWith: (text, [end]) => text.endsWith(String(end)),
  equals: (text, [other]) => text === other,
  equalsIgnoreCase: (text, [other]) => text.toLowerCase() === String(other).toLowerCase(),
  indexOf: (text, [part]) => text.indexOf(String(part)),
  isEmpty: (text) => text === '',
  length: (text) => text.length,
  matches: (text, [pattern]) => new RegExp(`^(?:${String(pattern)})$`, 's').test(text),
  replace: (text, [from, to]) => text.replaceAll(String(from), () => String(to)),
  replaceAll: (text, [pattern, to]) =>
    text.replace(new RegExp(String(pattern), 'g'), replacement(String(to))),
  split: (text, [pattern]) => text.split(new RegExp(String(pattern))),
  startsWith: (text, [start]) => text.startsWith(String(start)),
  substring: (text, [from, to]) => text.substring(Number(from), to === undefined ? undefined : Number(to)),
  toLowerCase: (text) => text.toLowerCase(),
  toString: (text: string) => text,
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
};

interface MethodCall {
  readonly property: string;
  readonly context: unknown;
  readonly params: readonly unknown[];
}

/** The methods of Java's String, which a template calls on every text in API Gateway. */
export const javaStrings = {
  uid: 'java.lang.String',
  match: ({ context }: MethodCall): boolean => typeof context === 'string',
  resolve: ({ property, context, params }: MethodCall): unknown => {
    const method = Object.hasOwn(METHODS, property) ? METHODS[property] : undefined;
    if (!method) throw unsupported(`the method ${property} of a string in a mapping template`);
    return method(String(context), params);
  },
};
