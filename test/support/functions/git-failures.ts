import { GitFailure } from '../../../functions/pull/git-failure.ts';
import type { Remote } from '../../../functions/pull/remote.ts';

export const URL = 'https://git.example.com/acme/app.git';
export const CREDENTIAL = '"git" in the credentials secret';
/** The repository that git fails at. */
export const remote = (trust?: Remote['trust']): Remote => ({
  url: URL,
  protocol: 'https',
  config: [],
  env: {},
  credential: CREDENTIAL,
  ...(trust && { trust }),
});
/** A fetch that ended with these words. */
export const failure = (stderr: string, of: Remote | undefined = remote()) =>
  new GitFailure({ command: 'fetch', status: 128, stderr }, of);
