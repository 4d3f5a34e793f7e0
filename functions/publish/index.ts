import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { publish } from './publish.ts';

const inputSchema = stepSchema(pulledSchema);

/** Publish: moves the ref's pointer to what was pulled. Its token is its idempotency. Throws `ArtifactMissing`, `Misconfigured`. */
export const handler = logged('publish', (event) => publish(inputSchema.parse(event)));
