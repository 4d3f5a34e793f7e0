import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { STATUS_OF_STATE } from '../events/pipeline-status.ts';
import type { NamedRule } from '../events/rule.ts';
import { endPipelinesOf } from '../events/rule-pipelines.ts';
import type { HooklineFunction } from './hookline-function.ts';

export interface PipelineResultsProps {
  readonly rules: readonly NamedRule[];
  readonly pipelineResult: HooklineFunction;
}

/** A pipeline as a pattern of EventBridge takes it: its name, or what names that are made of placeholders begin with. */
type Pipeline = string | { readonly prefix: string };

// EventBridge's limit of an event pattern.
const MAX_PATTERN_LENGTH = 2048;

/** Hears from CodePipeline, on the account's default bus, what has become of executions of the pipelines that rules name. */
export class PipelineResults extends Construct {
  constructor(scope: Construct, id: string, { rules, pipelineResult }: PipelineResultsProps) {
    super(scope, id);
    resultPatterns(rules).forEach((eventPattern, at) => {
      new Rule(this, `Rule${at}`, {
        description: 'An execution of a pipeline that a rule names has ended, or goes on',
        eventPattern,
        targets: [new LambdaFunction(pipelineResult.function)],
      });
    });
  }
}

/** The patterns of these events: as many as EventBridge needs for so many pipelines, none where no rule names one. */
export function resultPatterns(rules: readonly NamedRule[]): EventPattern[] {
  const chunks: Pipeline[][] = [];
  for (const pipeline of pipelinesOf(rules)) {
    const last = chunks.at(-1);
    if (last && lengthOf([...last, pipeline]) <= MAX_PATTERN_LENGTH) last.push(pipeline);
    else chunks.push([pipeline]);
  }
  return chunks.map(patternOf);
}

/** The pipelines that rules name, each once; none below a prefix that is taken whole. */
function pipelinesOf(rules: readonly NamedRule[]): readonly Pipeline[] {
  const named = rules.flatMap(({ pipeline }) => pipeline ?? []);
  const prefixes = [...new Set(named.flatMap(({ prefix }) => prefix ?? []))];
  const whole = named.flatMap(({ name, prefix }) => (prefix === undefined ? name : []));
  const names = [...new Set([...whole, ...endPipelinesOf(rules)])];
  return [
    ...names.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix))),
    ...prefixes.map((prefix) => ({ prefix })),
  ];
}

const patternOf = (pipeline: Pipeline[]) => ({
  source: ['aws.codepipeline'],
  detailType: ['CodePipeline Pipeline Execution State Change'],
  detail: { pipeline, state: Object.keys(STATUS_OF_STATE) },
});

/** In the template `detailType` is `detail-type`, a character longer. */
const lengthOf = (pipelines: Pipeline[]): number => JSON.stringify(patternOf(pipelines)).length + 1;
