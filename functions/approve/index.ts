import { stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { approvalStateSchema, approve } from './approve.ts';

const inputSchema = stepSchema(approvalStateSchema);

/**
 * Approve: whether somebody may have a fork's commit built. It changes nothing.
 * Throws `NotApproved`, `CredentialRefused`, `HostUnreachable`, `HostUntrusted`, `HostUnknown`, `Misconfigured`.
 */
export const handler = logged('approve', (event) => approve(inputSchema.parse(event).state));
