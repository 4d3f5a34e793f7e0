import type { Cloud, Service } from '../../core/cloud.ts';
import { describeExecution, describeMachine, describeMachineForExecution } from './api/describe.ts';
import { redriveExecution, stopExecution } from './api/end-execution.ts';
import { getExecutionHistory } from './api/get-execution-history.ts';
import { listExecutions, listMachines } from './api/list.ts';
import { startExecution } from './api/start-execution.ts';
import { Executor } from './engine/executor.ts';
import { provisionMachine } from './machine.ts';
import { tablesOf } from './tables.ts';
import { taskOf } from './task/resource.ts';

/** Step Functions: standard state machines in JSONPath, whose executions go on after a restart where they stood. */
export function statesService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const executor = new Executor(cloud, tables, taskOf);
  return {
    name: 'states',
    operations: {
      StartExecution: (input) => startExecution(tables, executor, input),
      StopExecution: (input) => stopExecution(tables, executor, input),
      RedriveExecution: (input) => redriveExecution(tables, executor, input),
      DescribeExecution: (input) => describeExecution(tables, input),
      ListExecutions: (input) => listExecutions(tables, input),
      GetExecutionHistory: (input) => getExecutionHistory(tables, input),
      DescribeStateMachine: (input) => describeMachine(tables, input),
      DescribeStateMachineForExecution: (input) => describeMachineForExecution(tables, input),
      ListStateMachines: (input) => listMachines(tables, input),
    },
    resources: {
      'AWS::StepFunctions::StateMachine': (resource) => provisionMachine(cloud, tables, resource),
    },
    start: async () => executor.resume(),
    stop: () => executor.halt(),
  };
}
