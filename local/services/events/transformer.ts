import { AwsError } from '../../core/aws-error.ts';

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
 * @throws ValidationException for more than one of them, a path that is not a dot path, or an unknown placeholder
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

// A JSON string, or a placeholder outside of every string.
const PIECE = /"(?:[^"\\]|\\[\s\S])*"|<([^<>"\s]+)>/g;
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
  for (const [, name = ''] of text.matchAll(PLACEHOLDER))
    if (!variables.has(name))
      throw invalid(`InputTemplate holds <${name}>, which InputPathsMap does not define`);
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
        : JSON.stringify(value(name)),
    );
  };
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

const STEP = /\.([^.[\]*?()@]+)|\[(\d+)\]/y;

/** EventBridge takes dot paths and positions only, not all of JSONPath. */
function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (path.startsWith('$') && STEP.lastIndex > 0 && STEP.lastIndex < path.length) {
    const step = STEP.exec(path);
    if (!step) break;
    steps.push(step[1] ?? Number(step[2]));
  }
  if (path !== '$' && STEP.lastIndex !== path.length)
    throw invalid(`${path} is not a path that EventBridge takes: write it as $.a.b`);
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
