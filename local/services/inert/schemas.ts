import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';

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
const isProtocol = ({ IpProtocol }: { IpProtocol: string | number }): boolean =>
  /^(?:-1|tcp|udp|icmp|icmpv6|\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/.test(String(IpProtocol));
const PROTOCOL = 'IpProtocol is tcp, udp, icmp, icmpv6, -1 or a number';
interface Ports {
  readonly IpProtocol: string | number;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}
const hasPorts = ({ IpProtocol, FromPort, ToPort }: Ports): boolean =>
  !['tcp', 'udp', '6', '17'].includes(String(IpProtocol)) ||
  (FromPort !== undefined && ToPort !== undefined && FromPort >= 0 && FromPort <= ToPort);
const PORTS = 'a rule of tcp or udp has a FromPort and a ToPort, in this order';
const hasOnePeer = (rule: object): boolean => PEERS.filter((peer) => Object.hasOwn(rule, peer)).length === 1;
const PEER = 'a rule names one range, prefix list or group, and no more';

/** A rule of a security group; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const inlineRule = z
  .strictObject(ruleMembers)
  .refine(hasOnePeer, PEER)
  .refine(isProtocol, PROTOCOL)
  .refine(hasPorts, PORTS);

/** AWS::EC2::SecurityGroupEgress */
export const securityRuleSchema = z
  .strictObject({ GroupId: z.string(), ...ruleMembers })
  .refine(hasOnePeer, PEER)
  .refine(isProtocol, PROTOCOL)
  .refine(hasPorts, PORTS);

const inlineRules = z
  .array(inlineRule)
  .refine(
    (all) => new Set(all.map((rule) => JSON.stringify({ ...rule, Description: '' }))).size === all.length,
    'two rules of a group are the same: leave one out',
  );

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
  SecurityGroupEgress: inlineRules.optional(),
  SecurityGroupIngress: inlineRules.optional(),
  VpcId: z.string().optional(),
  Tags: inert(tagList),
});
