import { deliveryMachine } from '../../statemachine/machine.ts';

/** The delivery machine, of functions that are called by their names; the first by its ARN, as it stands alone. */
export const definition = deliveryMachine({
  validateArn: 'arn:aws:lambda:us-east-1:000000000000:function:validate',
  claimArn: 'claim',
  publishArn: 'publish',
  retireArn: 'retire',
  startPipelineArn: 'start-pipeline',
  reportArn: 'report',
  diagnoseArn: 'diagnose',
  takeDownArn: 'take-down',
  approveArn: 'arn:aws:lambda:us-east-1:000000000000:function:approve',
  skips: true,
  pullProjectPrefix: 'hookline-pull',
});
