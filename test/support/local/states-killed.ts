import { makeResource } from '../../../local/core/gate.ts';
import { statesService } from '../../../local/services/states/index.ts';
import { fakeCloud, fakeService } from '../../../local/testing.ts';

// Starts an execution of the definition in the folder and dies, as kill -9 does it, while the function `second` runs.
const [, , folder = '', definition = '', roleArn = '', stateMachineArn = ''] = process.argv;
const cloud = fakeCloud(folder);
const Invoke = (input: unknown) => {
  if (JSON.stringify(input).includes('"second"')) process.kill(process.pid, 'SIGKILL');
  return { StatusCode: 200, Payload: '{"from":"first"}' };
};
cloud.add(fakeService('lambda', { Invoke }));
const service = cloud.add(statesService(cloud));
await makeResource(service, {
  stackName: 's',
  logicalId: 'M',
  type: 'AWS::StepFunctions::StateMachine',
  properties: { StateMachineName: 'm', RoleArn: roleArn, DefinitionString: definition },
  generatedName: 's-M-1',
});
await cloud.request('states', 'StartExecution', { stateMachineArn, name: 'killed', input: '{"a":1}' });
