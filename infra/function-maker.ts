import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import type { ExamplePipeline } from './example-pipeline.ts';
import { HooklineFunction, type HooklineFunctionProps } from './hookline-function.ts';
import type { Network } from './network.ts';
import type { Pull } from './pull.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** What the functions work with. */
export interface FunctionsProps {
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly rules: readonly NamedRule[];
  readonly pull: Pull;
  readonly bus: EventBus;
  readonly settings: Settings;
  /** the pipeline that a rule may take as its template without saying the role */
  readonly example: ExamplePipeline | undefined;
  /** where a function that calls hosts runs, if a host is marked `vpc: true` */
  readonly network: Network | undefined;
}

// A function that asks the host of a pull request waits for it.
const TIMEOUT = Duration.seconds(30);

/** Makes a function by its name, which is also its construct's. */
export type MakeFunction = (
  name: string,
  description: string,
  environment: Record<string, string>,
  more?: Partial<Pick<HooklineFunctionProps, 'constants' | 'timeout' | 'concurrency' | 'network'>>,
) => HooklineFunction;

export const functionMaker =
  (scope: Construct, settings: Settings): MakeFunction =>
  (name, description, environment, { constants = {}, timeout = TIMEOUT, concurrency, network } = {}) =>
    new HooklineFunction(scope, name, {
      name,
      description,
      environment,
      constants,
      timeout,
      concurrency,
      network,
      settings,
    });
