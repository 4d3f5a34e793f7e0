import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import { deliveryMachine } from '../statemachine/machine.ts';
import { REFUSED } from '../statemachine/outcomes.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { namesOf } from './names.ts';
import type { Pull } from './pull.ts';
import type { Settings } from './settings.ts';

export interface DeliveryMachineProps {
  readonly functions: Functions;
  readonly pull: Pull;
  readonly rules: readonly NamedRule[];
  readonly settings: Settings;
}

/** The state machine of a delivery. */
export class DeliveryMachine extends Construct {
  readonly machine: StateMachine;
  /** a line for each state that an execution enters */
  readonly logGroup: LogGroup;
  /** how many executions ended as `REFUSED` */
  readonly refused: Metric;

  constructor(scope: Construct, id: string, { functions, pull, rules, settings }: DeliveryMachineProps) {
    super(scope, id);
    const names = namesOf(settings);
    const { validate, claim, publish, retire, startPipeline, report, diagnose, takeDown, approve } =
      functions;
    const definition = deliveryMachine({
      validateArn: validate.function.functionArn,
      claimArn: claim.function.functionArn,
      publishArn: publish.function.functionArn,
      retireArn: retire.function.functionArn,
      startPipelineArn: startPipeline.function.functionArn,
      reportArn: report.function.functionArn,
      diagnoseArn: diagnose.function.functionArn,
      takeDownArn: takeDown?.function.functionArn,
      approveArn: approve?.function.functionArn,
      skips: rules.some(({ superseded }) => superseded === 'skip'),
      pullProjectPrefix: pull.prefix,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      // Every other name would need a line in the account's one log policy of 5,120 characters.
      logGroupName: `/aws/vendedlogs/states/${names.machine}`,
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.logGroup = logGroup;
    this.refused = this.countRefused(logGroup, names.metricNamespace);
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: names.machine,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      tracingEnabled: true,
      logs: {
        destination: logGroup,
        level: LogLevel.ALL,
        // A delivery's body is in the input: the history shows it, the log does not keep it.
        includeExecutionData: false,
      },
    });
    for (const step of [
      validate,
      claim,
      publish,
      retire,
      startPipeline,
      report,
      diagnose,
      takeDown ?? [],
      approve ?? [],
    ].flat())
      this.machine.addToRolePolicy(
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [step.function.functionArn] }),
      );
    this.allowBuilds(pull);
    acknowledgeWildcards(this.machine.role, ['*'], 'log delivery and X-Ray have no resources to name');
  }

  /** No metric of Step Functions tells one failed execution from another; its log names the states. */
  private countRefused(logGroup: LogGroup, metricNamespace: string): Metric {
    const ends = REFUSED.map((state) => FilterPattern.stringValue('$.details.name', '=', state));
    const filter = new MetricFilter(this, 'Refused', {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'FailStateEntered'),
        FilterPattern.any(...ends),
      ),
      metricNamespace,
      metricName: 'Refused',
    });
    return filter.metric({ statistic: 'Sum' });
  }

  private allowBuilds(pull: Pull): void {
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
        resources: pull.projects.map(({ projectArn }) => projectArn),
      }),
    );
    // How `.sync` learns of the end of a build: the rule that Step Functions keeps in the account.
    const rule = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: 'StepFunctionsGetEventForCodeBuildStartBuildRule',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [rule],
      }),
    );
  }
}
