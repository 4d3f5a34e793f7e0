import { AwsError, unsupported } from '../../core/aws-error.ts';

/** An event that waits for its targets, unpacked. */
export interface OpenedBody {
  readonly json: string;
  /** the same, parsed when somebody first reads it */
  readonly event: unknown;
  /** milliseconds since 1970 */
  readonly ingested: number;
}

/** The values that a transformation may read. */
interface TransformContext {
  readonly body: OpenedBody;
  readonly ruleArn: string;
  readonly ruleName: string;
}

/** The text that a target gets. */
export type Transform = (context: TransformContext) => string;

interface Given {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | {
        readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
        readonly InputTemplate: string;
      }
    | undefined;
}

/**
 * The transformation by a target's Input, InputPath or InputTransformer; without one of them, the event itself.
 * @throws ValidationException for more than one of them, what is no path, or a placeholder that is unknown or out of place;
 *   UnsupportedOperation for a path with a wildcard
 */
export function transformer({ Input, InputPath, InputTransformer }: Given): Transform {
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw invalid('only one of Input, InputPath, or InputTransformer must be provided');
  if (Input !== undefined) return () => Input;
  if (InputPath !== undefined && InputPath !== '$') {
    const path = stepsOf(InputPath);
    return ({ body }) => JSON.stringify(valueAt(body.event, path) ?? '');
  }
  if (InputTransformer) return template(InputTransformer.InputTemplate, InputTransformer.InputPathsMap ?? {});
  return ({ body }) => body.json;
}

type Variable = (event: Readonly<Record<string, unknown>>, context: TransformContext) => unknown;

const reserved: Readonly<Record<string, Variable>> = {
  'aws.events.rule-arn': (_event, { ruleArn }) => ruleArn,
  'aws.events.rule-name': (_event, { ruleName }) => ruleName,
  'aws.events.event.ingestion-time': (_event, { body }) => new Date(body.ingested).toISOString(),
  // EventBridge writes the one name with a hyphen in camel case here, and leaves the detail out.
  'aws.events.event': ({ detail: _detail, 'detail-type': detailType, ...event }) => ({
    ...event,
    detailType,
  }),
  'aws.events.event.json': (event) => event,
};

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined:
// each can only be the value of a field, as nothing of them is escaped.
const WHOLE = ['aws.events.event', 'aws.events.event.json'];

// A JSON string, or a placeholder outside of every string.
const PIECE = /"(?:[^"\\]|\\[\s\S])*"|<([^<>"\s]+)>/g;
const NAME_OR_PIECE = /"(?:[^"\\]|\\[\s\S])*"(\s*:)?|<([^<>"\s]+)>/g;
const PLACEHOLDER = /<([^<>"\s]+)>/g;

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const QUOTED_LINES = /^\s*(?:"(?:[^"\\]|\\[\s\S])*"\s*)+$/;

/** Whether a text is what EventBridge takes for an InputTemplate: JSON but for its placeholders, or lines in quotes. */
export function isInputTemplate(text: string): boolean {
  const filled = text.replace(PIECE, (piece, name?: string) => (name === undefined ? piece : '0'));
  return isJson(filled) || QUOTED_LINES.test(filled);
}

function template(text: string, paths: Readonly<Record<string, string>>): Transform {
  const variables = new Map<string, Variable>(Object.entries(reserved));
  for (const [name, path] of Object.entries(paths)) variables.set(name, pathVariable(name, path));
  checkPlaceholders(text, variables);
  const isJsonTemplate = !QUOTED_LINES.test(text);
  return (context) => {
    const event = Object(context.body.event);
    const value = (name: string) => {
      const found = variables.get(name)?.(event, context);
      return found === undefined ? '' : found;
    };
    return text.replace(PIECE, (piece, name?: string) =>
      name === undefined
        ? piece.replace(PLACEHOLDER, (_all, inner: string) => quoted(value(inner), inner, isJsonTemplate))
        : // As it came: to write it again rounds numbers that JavaScript cannot hold.
          name === 'aws.events.event.json'
          ? context.body.json
          : JSON.stringify(value(name)),
    );
  };
}

/** @throws ValidationException for a placeholder that is not defined, or where EventBridge takes none */
function checkPlaceholders(text: string, known: ReadonlyMap<string, Variable>): void {
  for (const [, name = ''] of text.matchAll(PLACEHOLDER))
    if (!known.has(name)) throw invalid(`InputTemplate holds <${name}>, which InputPathsMap does not define`);
  if (text.replaceAll(PLACEHOLDER, '').includes('<'))
    throw invalid('InputTemplate holds a < that begins no placeholder: write it as \\u003c');
  for (const [piece, colon, outside] of text.matchAll(NAME_OR_PIECE)) {
    const inside = outside === undefined ? [...piece.matchAll(PLACEHOLDER)].map(([, name = '']) => name) : [];
    if (colon !== undefined && inside.length > 0)
      throw invalid(
        `InputTemplate holds <${inside[0]}> in the name of a field: placeholders stand in values`,
      );
    const whole = inside.find((name) => WHOLE.includes(name));
    if (whole !== undefined)
      throw invalid(`InputTemplate holds <${whole}> in quotes: it can only be the value of a field`);
  }
}

function pathVariable(name: string, path: string): Variable {
  if (name.startsWith('aws.')) throw invalid(`InputPathsMap defines ${name}: names with aws. are reserved`);
  const steps = stepsOf(path);
  return (event) => valueAt(event, steps);
}

/**
 * A value inside of quotes: EventBridge writes a string as it is, with whatever quotes and backslashes are in it, and drops
 * the quotes of an object. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * Where the template is JSON, EventBridge delivers nothing then.
 * @throws InvalidInputTransformation, for which a delivery is not tried again
 */
function quoted(value: unknown, name: string, isJsonTemplate: boolean): string {
  if (typeof value === 'string') return value;
  if (isJsonTemplate && typeof value === 'object' && value !== null)
    throw new AwsError(
      'InvalidInputTransformation',
      `InputTemplate holds <${name}> in quotes, and its value is ${JSON.stringify(value).slice(0, SHOWN)}: take the quotes away`,
    );
  return JSON.stringify(value).replaceAll('"', '');
}

const SHOWN = 100;

const STEP = /\.([\w/-]+)|\[(\d+)\]/y;

/** EventBridge takes names of letters, digits, - _ and /, positions, and wildcards, which are not carried out here. */
function stepsOf(path: string): (string | number)[] {
  if (!path.startsWith('$')) throw invalid(`${path} is no path: it begins with $`);
  const steps: (string | number)[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(path);
    if (!step && path.includes('*')) throw unsupported(`the wildcard of the path ${path}`);
    if (!step) throw invalid(`${path} is not a path that EventBridge takes: write it as $.a.b`);
    steps.push(step[1] ?? Number(step[2]));
    at = STEP.lastIndex;
  }
  return steps;
}

function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((from, step) => {
    const holds = typeof from === 'object' && from !== null && Object.hasOwn(from, step);
    return holds ? Reflect.get(from, step) : undefined;
  }, value);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
