import { publish as publishStep } from '../../../functions/publish/publish.ts';
import type { PublishResult, Pulled } from '../../../statemachine/payloads.ts';

/** Publishes a pull by an execution whose name does not matter. */
export const publish = ({ state }: { state: Pulled }): Promise<PublishResult> =>
  publishStep({ state, executionArn: 'arn:publish' });
