import type { NamedRule } from './rule.ts';

type Pipeline = NonNullable<NamedRule['pipeline']>;
export type BranchPipeline = Extract<Pipeline, { readonly each: string }>;

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** The options of rules that ask for a pipeline for each branch or pull request. */
export const branchPipelinesOf = (rules: readonly NamedRule[]): BranchPipeline[] =>
  rules.flatMap(({ pipeline }) => (pipeline && 'each' in pipeline ? [pipeline] : []));

/** The pipelines that run before the pipeline of a branch or a pull request is deleted. */
export const teardownPipelinesOf = (rules: readonly NamedRule[]): string[] =>
  unique(branchPipelinesOf(rules).flatMap(({ teardown }) => teardown ?? []));

/** The pipelines that rules start at the end of a branch or a pull request. */
export const endPipelinesOf = (rules: readonly NamedRule[]): string[] =>
  unique([
    ...teardownPipelinesOf(rules),
    ...rules.flatMap((rule) =>
      [rule['on-delete'] ?? [], rule['on-close'] ?? []].flat().map(({ pipeline }) => pipeline),
    ),
  ]);

/** The rules that start a pipeline, copy it, or end by it. */
export const rulesOfPipeline = (rules: readonly NamedRule[], name: string): readonly NamedRule[] =>
  rules.filter((rule) => {
    const started = startedPipelinesOf([rule]).some((each) =>
      each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name,
    );
    const copied = branchPipelinesOf([rule]).some((pipeline) => pipeline.name === name);
    return started || copied || endPipelinesOf([rule]).includes(name);
  });

/** Whether a rule has something to do at the end of a branch or a pull request. */
export const endsOf = (rules: readonly NamedRule[]): boolean =>
  branchPipelinesOf(rules).length > 0 || endPipelinesOf(rules).length > 0;

/** The pipelines that rules start by their names, or by the prefix of their names: each as an ARN ends. */
export const startedPipelinesOf = (rules: readonly NamedRule[]): string[] =>
  unique(
    rules.flatMap(({ pipeline }) => {
      if (!pipeline || 'each' in pipeline) return [];
      return pipeline.prefix === undefined ? pipeline.name : `${pipeline.prefix}*`;
    }),
  );

/** The copies that rules make of templates: each as an ARN ends. */
export const copiesOf = (rules: readonly NamedRule[]): string[] =>
  unique(branchPipelinesOf(rules).map(({ prefix }) => `${prefix}*`));
