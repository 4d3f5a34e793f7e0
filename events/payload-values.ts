import type { NamedPipeline } from './pipeline-name.ts';
import { cut, oneLine, placeholdersOf, type Values } from './template.ts';

/** CodePipeline's limit of a variable's value. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineVariable.html */
export const MAX_VALUE_LENGTH = 1000;

/** How many members of the payload a rule may name: so many values of full length are half of an execution's 256 KiB. */
export const MAX_MEMBERS = 50;

/** The options of a rule that are made of a delivery. */
export interface TemplateOptions {
  readonly pipeline?: (NamedPipeline & { readonly variables: Values }) | undefined;
  readonly status?: boolean | { readonly context?: string | undefined } | undefined;
  readonly 'on-delete'?: { readonly variables: Values } | undefined;
  readonly 'on-close'?: { readonly variables: Values } | undefined;
}

/** The templates of a rule. */
function templatesOf({
  pipeline,
  status,
  'on-delete': onDelete,
  'on-close': onClose,
}: TemplateOptions): string[] {
  return [
    ...(pipeline ? [pipeline.name, ...Object.values(pipeline.variables)] : []),
    ...Object.values({ ...onDelete?.variables }),
    ...Object.values({ ...onClose?.variables }),
    ...(typeof status === 'object' && status.context !== undefined ? [status.context] : []),
  ];
}

/** The names between braces in a rule's templates, each once. */
export const namesIn = (rule: TemplateOptions): string[] => [
  ...new Set(templatesOf(rule).flatMap((template) => placeholdersOf(template).map(({ name }) => name))),
];

/** The members of the payload that a rule's templates name: `payload.pull_request.number`. */
export const membersIn = (rule: TemplateOptions): string[] =>
  namesIn(rule).filter((name) => name.startsWith('payload.'));

/**
 * The values of these members, on one line each and cut to the length of a variable. A member that is missing, null, a
 * list or an object has none.
 */
export function payloadValues(rule: TemplateOptions, payload: unknown): Values {
  return Object.fromEntries(
    membersIn(rule).map((name) => [name, textOf(memberAt(payload, name.split('.').slice(1)))]),
  );
}

function memberAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  // A list's length is no entry.
  return memberAt(Object.entries(value).find(([key]) => key === name)?.[1], rest);
}

function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? cut(oneLine(value), MAX_VALUE_LENGTH) : '';
}
