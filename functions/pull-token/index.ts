import { logged } from '../shared/logged.ts';
import { pullToken, pullTokenSchema } from './pull-token.ts';

/** PullToken: mints the token of a pull, so that no build has the key of an App. */
export const handler = logged('pull-token', (event) => pullToken(pullTokenSchema.parse(event)));
