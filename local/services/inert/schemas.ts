import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';

/** AWS::CloudWatch::Dashboard. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
export const dashboardSchema = z.strictObject({
  DashboardName: z
    .string()
    .regex(/^[\w-]{1,255}$/, 'holds letters, digits, - and _')
    .optional(),
  DashboardBody: z.string().refine(isDashboard, 'is no JSON with a list of widgets'),
  Tags: inert(tagList),
});

const widget = z.looseObject({
  type: z.string(),
  width: z.number().int().min(1).max(24).optional(),
  height: z.number().int().min(1).max(1000).optional(),
});

function isDashboard(text: string): boolean {
  try {
    return z.looseObject({ widgets: z.array(widget).max(500) }).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

const port = z.coerce.number().int().min(-1).max(65_535);
const PEERS = [
  'CidrIp',
  'CidrIpv6',
  'DestinationPrefixListId',
  'DestinationSecurityGroupId',
  'SourcePrefixListId',
  'SourceSecurityGroupId',
  'SourceSecurityGroupName',
] as const;
const ruleMembers = {
  IpProtocol: z.union([z.string(), z.number()]),
  FromPort: port.optional(),
  ToPort: port.optional(),
  CidrIp: z.union([z.cidrv4(), z.string().regex(/^pl-/)]).optional(),
  CidrIpv6: z.cidrv6().optional(),
  Description: z.string().max(255).optional(),
  DestinationPrefixListId: z.string().optional(),
  DestinationSecurityGroupId: z.string().optional(),
  SourcePrefixListId: z.string().optional(),
  SourceSecurityGroupId: z.string().optional(),
  SourceSecurityGroupName: z.string().optional(),
  SourceSecurityGroupOwnerId: z.string().optional(),
};
const hasOnePeer = (rule: object): boolean => PEERS.filter((peer) => Object.hasOwn(rule, peer)).length === 1;
const PEER = 'a rule names one range, prefix list or group, and no more';

/** A rule of a security group; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const inlineRule = z.strictObject(ruleMembers).refine(hasOnePeer, PEER);

/** AWS::EC2::SecurityGroupEgress */
export const securityRuleSchema = z
  .strictObject({ GroupId: z.string(), ...ruleMembers })
  .refine(hasOnePeer, PEER);

/** AWS::EC2::SecurityGroup */
export const securityGroupSchema = z.strictObject({
  GroupDescription: z
    .string()
    .regex(
      /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/,
      'has 255 letters at most, of A-Z a-z 0-9 and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *',
    ),
  GroupName: z
    .string()
    .regex(/^(?!sg-).{1,255}$/, 'does not begin with sg-')
    .optional(),
  SecurityGroupEgress: z.array(inlineRule).optional(),
  SecurityGroupIngress: z.array(inlineRule).optional(),
  VpcId: z.string().optional(),
  Tags: inert(tagList),
});
