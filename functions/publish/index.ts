import { logged } from '../shared/logged.ts';
import { pulledSchema, stepSchema } from '../shared/state.ts';
import { publish } from './publish.ts';

const inputSchema = stepSchema(pulledSchema);

/** Publish: moves the ref's pointer to what was pulled. Its token is its idempotency. Throws `ArtifactMissing`, `Misconfigured`. */
export const handler = logged('publish', (event) => publish(inputSchema.parse(event)));
