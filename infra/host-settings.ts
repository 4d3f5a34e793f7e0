import type * as z from 'zod';
import { hostSettingsSchema } from '../events/hosts.ts';
import { readCertificates } from './certificates.ts';

// They stand in one parameter of SSM: what one of the standard tier holds, and one of the advanced tier.
export const MAX_STANDARD_BYTES = 4096;
const MAX_ADVANCED_BYTES = 8192;

// What keys of the bucket begin with that are no host's: life-cycle rules expire all that is below.
const RESERVED = ['commits', 'kept'];

/** The setting `hosts`. */
export const hostsSchema = hostSettingsSchema
  .refine((hosts) => Object.keys(hosts).length > 0, { error: 'expected one host or more' })
  .refine((hosts) => !RESERVED.some((name) => Object.hasOwn(hosts, name)), {
    error: `no host is called ${RESERVED.join(' or ')}: the artifacts of commits, and what pulls keep, stand below these names`,
  })
  .transform(withCertificates)
  .refine((hosts) => hostsBytes(hosts) <= MAX_ADVANCED_BYTES, {
    error: `expected ${MAX_ADVANCED_BYTES} bytes at most with the certificates of ca: leave only those of the authority there, or split the hosts between two deployments`,
  });

// The ARN of a host's secret as CloudFormation makes it, with its member's name and beside the host's own name.
const SECRET_BYTES = 200;

/** How long the parameter of the hosts is, with the ARNs of their secrets, which are not known before the deployment. */
export function hostsBytes(hosts: z.infer<typeof hostSettingsSchema>): number {
  const names = Object.keys(hosts);
  return Buffer.byteLength(JSON.stringify(hosts)) + names.join('').length + SECRET_BYTES * names.length;
}

/** The hosts with the certificates themselves in place of the paths of their files. */
function withCertificates(hosts: z.infer<typeof hostSettingsSchema>, context: z.RefinementCtx): typeof hosts {
  const read = ([name, { ca, ...host }]: [string, (typeof hosts)[string]]) => {
    if (ca === undefined) return [name, host];
    try {
      return [name, { ...host, ca: readCertificates(ca) }];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', path: [name, 'ca'], input: ca, message });
      return [name, host];
    }
  };
  return Object.fromEntries(Object.entries(hosts).map(read));
}
