import * as z from 'zod';
import { pipelineName, variables } from './pipeline-options.ts';

/** A pipeline that is started when a ref is deleted or a pull request is closed. */
export const endPipelineOption = z.strictObject({
  pipeline: pipelineName.describe('its name'),
  variables,
});

/** The option as functions read it: members of another release are dropped. */
export const endPipelineOptions = z.object({
  pipeline: z.string(),
  variables: z.record(z.string(), z.string()).default({}),
});

interface Ends {
  readonly pipeline?: object | undefined;
  readonly 'on-delete'?: unknown;
  readonly 'on-close'?: unknown;
}

/** Whether a rule says twice what happens in the end. */
export const isDoubled = (rule: Ends): boolean =>
  rule.pipeline !== undefined &&
  'each' in rule.pipeline &&
  (rule['on-delete'] !== undefined || rule['on-close'] !== undefined);
