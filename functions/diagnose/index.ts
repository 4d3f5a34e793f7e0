import { logged } from '../shared/logged.ts';
import { diagnose, diagnoseSchema } from './diagnose.ts';

/** Diagnose: why a build failed, and whether the delivery is pulled again. It changes nothing. */
export const handler = logged('diagnose', (event) => diagnose(diagnoseSchema.parse(event)));
