import { deliveryMachine } from '../../statemachine/machine.ts';

/** The delivery machine, of functions that are called by their names. */
export const definition = deliveryMachine({
  validateArn: 'validate',
  claimArn: 'claim',
  publishArn: 'publish',
  retireArn: 'retire',
  startPipelineArn: 'start-pipeline',
  reportArn: 'report',
  pullProjectPrefix: 'hookline-pull',
});
