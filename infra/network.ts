import { Annotations } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, type SubnetSelection, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Where in the VPC runs what calls a host there: the subnets of the setting, and a security group of Hookline's own. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  readonly securityGroups: readonly SecurityGroup[];
  /** for the rule that lets Hookline in at the host */
  readonly securityGroupId: string;

  constructor(
    scope: Construct,
    id: string,
    { id: vpcId, availabilityZones, privateSubnetIds }: NonNullable<Settings['vpc']>,
  ) {
    super(scope, id);
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones, privateSubnetIds });
    // Nothing here asks a subnet for its route table.
    for (const subnet of this.vpc.privateSubnets)
      Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
    const description = 'Calls the git hosts; nothing calls it';
    const group = new SecurityGroup(this, 'SecurityGroup', { vpc: this.vpc, description });
    this.securityGroups = [group];
    this.securityGroupId = group.securityGroupId;
  }
}

/** The network of the functions that call hosts: one host that only the VPC reaches draws them there. */
export const networkOfHosts = (network: Network | undefined, { hosts }: Settings): Network | undefined =>
  Object.values(hosts).some(({ vpc }) => vpc) ? network : undefined;
