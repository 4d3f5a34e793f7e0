import { BlockList, isIP } from 'node:net';
import { invalidPattern } from './invalid.ts';

/** `{ "cidr": "10.0.0.0/24" }`, IPv4 or IPv6 */
export function cidr(argument: unknown): (value: unknown) => boolean {
  if (typeof argument !== 'string') throw invalidPattern('prefix match pattern must be a string');
  const [network = '', bits, ...more] = argument.split('/');
  if (bits === undefined || more.length > 0) throw invalidPattern("Malformed CIDR, one '/' required");
  const family = familyOf(network);
  if (!family) throw invalidPattern(`Malformed CIDR, nonstandard IP address: ${network}`);
  if (!/^\d+$/.test(bits)) throw invalidPattern('Malformed CIDR, mask bits must be an integer');
  const width = family === 'ipv4' ? 32 : 128;
  if (Number(bits) > width) throw invalidPattern(`Malformed CIDR, mask bits must be at most ${width}`);
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return (value) => {
    const of = typeof value === 'string' ? familyOf(value) : undefined;
    // BlockList takes an IPv4 address for its mapped IPv6 one, EventBridge does not.
    return typeof value === 'string' && of === family && block.check(value, of);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
