import { logged } from '../shared/logged.ts';
import { inputSchema, validate } from './validate.ts';

/** Validate: checks a delivery's signature and shape, reading only (I6). Throws `Rejected`, `Malformed`. */
export const handler = logged('validate', (event) => validate(inputSchema.parse(event)));
