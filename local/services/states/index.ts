import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import {
  describeExecution,
  describeMachine,
  describeMachineForExecution,
  executionSchema,
  machineSchema,
} from './api/describe.ts';
import { redriveExecution, redriveSchema, stopExecution, stopSchema } from './api/end-execution.ts';
import { getExecutionHistory, historySchema } from './api/get-execution-history.ts';
import { executionsSchema, listExecutions, listMachines, machinesSchema } from './api/list.ts';
import { startExecution, startSchema } from './api/start-execution.ts';
import { Executor } from './engine/executor.ts';
import { noteUnsuccessful } from './move-in.ts';
import { makeMachine, propertiesSchema } from './provision.ts';
import { startRetention } from './retention.ts';
import { tablesOf } from './tables.ts';
import { taskOf } from './task/resource.ts';

/** Step Functions: standard state machines in JSONPath, whose executions go on after a restart where they stood. */
export function statesService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const executor = new Executor(cloud, tables, taskOf);
  let stopRetention: (() => Promise<void>) | undefined;
  return {
    name: 'states',
    operations: {
      StartExecution: operation(startSchema, (input) => startExecution(tables, executor, input)),
      StopExecution: operation(stopSchema, (input) => stopExecution(tables, executor, input)),
      RedriveExecution: operation(redriveSchema, (input) => redriveExecution(tables, executor, input)),
      DescribeExecution: operation(executionSchema, (input) => describeExecution(tables, input)),
      ListExecutions: operation(executionsSchema, (input) => listExecutions(tables, input)),
      GetExecutionHistory: operation(historySchema, (input) => getExecutionHistory(tables, input)),
      DescribeStateMachine: operation(machineSchema, (input) => describeMachine(tables, input)),
      DescribeStateMachineForExecution: operation(executionSchema, (input) =>
        describeMachineForExecution(tables, input),
      ),
      ListStateMachines: operation(machinesSchema, (input) => listMachines(tables, input)),
    },
    resources: {
      'AWS::StepFunctions::StateMachine': resourceType(propertiesSchema, (properties, resource) =>
        makeMachine(cloud, tables, properties, resource),
      ),
    },
    start: async () => {
      await noteUnsuccessful(tables);
      await executor.resume();
      stopRetention = startRetention(cloud, tables);
    },
    stop: async () => {
      await Promise.all([executor.halt(), stopRetention?.()]);
    },
  };
}
