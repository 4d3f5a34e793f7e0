import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { once } from '../shared/once.ts';
import { publish } from './publish.ts';

const inputSchema = stepSchema(pulledSchema);
const publishOnce = once('publish', 'executionArn', publish);

/** Publish: moves the ref's pointer to what was pulled. Throws `ArtifactMissing`, `Misconfigured`. */
export const handler = logged('publish', (event, context) => publishOnce(inputSchema.parse(event), context));
