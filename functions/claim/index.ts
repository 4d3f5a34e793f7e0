import { stateSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { claim } from './claim.ts';

const inputSchema = stepSchema(stateSchema);

/** Claim: takes a delivery for the execution. Its record is its own idempotency. Throws `Misconfigured`. */
export const handler = logged('claim', (event) => claim(inputSchema.parse(event)));
