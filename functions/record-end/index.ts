import { logged } from '../shared/logged.ts';
import { endSchema, recordEnd } from './record-end.ts';

/** RecordEnd: runs at the end of an execution that did not succeed, also one that Step Functions ended by itself. */
export const handler = logged('record-end', (event) => recordEnd(endSchema.parse(event)));
