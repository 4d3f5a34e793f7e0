import { logged } from '../shared/logged.ts';
import { readInput, validate } from './validate.ts';

/** Validate: checks a delivery's signature and shape, reading only (I6). Throws `Rejected`, `Malformed`, `SettingsOld`, `Misconfigured`. */
export const handler = logged('validate', async (event) => validate(readInput(event)));
