import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { once } from '../shared/once.ts';
import { retire } from './retire.ts';

const inputSchema = stepSchema(pulledSchema);
const retireOnce = once('retire', 'executionArn', retire);

/** Retire: removes the pointer of a ref that is gone. Throws `ArtifactMissing`, `Misconfigured`. */
export const handler = logged('retire', (event, context) => retireOnce(inputSchema.parse(event), context));
