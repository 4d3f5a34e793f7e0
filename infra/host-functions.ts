import { Duration } from 'aws-cdk-lib';
import { REPORT_SECONDS } from '../statemachine/states.ts';
import { allowActions, allowExecutions, allowHosts, allowResults, allowStatuses } from './function-grants.ts';
import type { FunctionsProps, MakeFunction } from './function-maker.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { networkOfHosts } from './network.ts';

// The functions that call the git host: one host that only the VPC reaches draws them there.

const STATUS_TIMEOUT = Duration.seconds(REPORT_SECONDS);

/** Records an outcome and writes the commit status. */
export function makeReport(make: MakeFunction, props: FunctionsProps): HooklineFunction {
  const { storage } = props;
  const environment = {
    DELIVERIES_TABLE: storage.deliveries.tableName,
    REFS_TABLE: storage.refs.tableName,
  };
  const made = make('report', 'Records an outcome and writes the commit status', environment, {
    timeout: STATUS_TIMEOUT,
    network: networkOfHosts(props.network, props.settings),
  });
  made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [storage.deliveries.tableArn]);
  made.allow(['dynamodb:GetItem'], [storage.refs.tableArn]);
  allowStatuses(made, props.secrets, props.settings);
  allowResults(made, props.bus);
  return made;
}

/** Records the end of an execution that reported none. */
export function makeRecordEnd(make: MakeFunction, props: FunctionsProps): HooklineFunction {
  const { deliveries } = props.storage;
  const environment = { DELIVERIES_TABLE: deliveries.tableName };
  const description = 'Records the end of an execution that reported none';
  const made = make('record-end', description, environment, {
    timeout: STATUS_TIMEOUT,
    network: networkOfHosts(props.network, props.settings),
  });
  made.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [deliveries.tableArn]);
  allowExecutions(made, props.settings);
  allowStatuses(made, props.secrets, props.settings);
  allowResults(made, props.bus);
  return made;
}

/** Records what has become of a pipeline’s execution, and writes the commit status. */
export function makePipelineResult(make: MakeFunction, props: FunctionsProps): HooklineFunction {
  const { deliveries } = props.storage;
  const environment = { DELIVERIES_TABLE: deliveries.tableName };
  const description = 'Records what has become of a pipeline’s execution, and writes the commit status';
  const network = networkOfHosts(props.network, props.settings);
  const made = make('pipeline-result', description, environment, { timeout: STATUS_TIMEOUT, network });
  made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [deliveries.tableArn]);
  // Which action of a pipeline has failed.
  allowActions(made, props.rules);
  allowStatuses(made, props.secrets, props.settings);
  allowResults(made, props.bus);
  return made;
}

/** Asks a host whether a fork’s commit may be built. */
export function makeApprove(make: MakeFunction, props: FunctionsProps): HooklineFunction {
  const description = 'Asks the host whether somebody may have a fork’s commit built';
  const made = make('approve', description, {}, { network: networkOfHosts(props.network, props.settings) });
  allowHosts(made, props.secrets);
  return made;
}
