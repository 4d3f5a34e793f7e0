import { fileURLToPath } from 'node:url';

/** Where rules are read from and written to unless told. */
export const RULES = fileURLToPath(new URL('../../events/rules', import.meta.url));
