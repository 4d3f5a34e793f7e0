import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { retire } from './retire.ts';

const inputSchema = stepSchema(pulledSchema.partial({ pull: true }));

/** Retire: removes the pointer of a ref that is gone, or of a request that is closed. Its token is its idempotency. Throws `ArtifactMissing`, `Misconfigured`. */
export const handler = logged('retire', (event) => retire(inputSchema.parse(event)));
