import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge.ts';
import { bundle } from './bundle.ts';
import type { Network } from './network.ts';
import type { Settings } from './settings.ts';

export interface HooklineFunctionProps {
  /** its folder below `functions/` */
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  /** how many run at once, set aside from the account's */
  readonly concurrency?: number | undefined;
  /** where it runs, for what only a VPC reaches */
  readonly network?: Network | undefined;
  readonly settings: Settings;
}

/** One step of the machine: a bundled function with a role and a log group of its own. */
export class HooklineFunction extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HooklineFunctionProps) {
    super(scope, id);
    this.name = props.name;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
    if (props.network) this.role.addToPolicy(networkInterfaces());
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(
        bundle({ entry: `${props.name}/index.ts`, target: 'node24', constants: props.constants ?? {} }),
      ),
      timeout: props.timeout,
      memorySize: 512,
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      ...(props.network ? placed(props.network) : {}),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.settings.name,
        NODE_OPTIONS: '--enable-source-maps',
        ...props.environment,
      },
    });
    acknowledgeWildcards(
      this.role,
      ['*'],
      'X-Ray has no resources to name; a network interface in the VPC has no name before Lambda makes it',
    );
  }

  allow(actions: readonly string[], resources: readonly string[]): void {
    this.addStatement(Effect.ALLOW, actions, resources);
  }

  /** Whatever allows these actions on these resources, now or later, does not count. */
  deny(actions: readonly string[], resources: readonly string[]): void {
    this.addStatement(Effect.DENY, actions, resources);
  }

  private addStatement(effect: Effect, actions: readonly string[], resources: readonly string[]): void {
    const statement = new PolicyStatement({ effect, actions: [...actions], resources: [...resources] });
    this.function.addToRolePolicy(statement);
  }
}

const placed = ({ vpc, vpcSubnets, securityGroups }: Network) => ({
  vpc,
  vpcSubnets,
  securityGroups: [...securityGroups],
});

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html: what Lambda does in a VPC by the function's role. */
function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
