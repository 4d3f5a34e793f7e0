import { randomUUID } from 'node:crypto';

export const DEMO = 'hookline/demo';

/** A branch that no other step has. */
export const newBranch = (): string => `refs/heads/${randomUUID()}`;

const ZERO = '0'.repeat(40);

/** A push by which a ref begins, as the host tells of it. */
export const payloadOf = (name: string, ref: string, after: string): object => ({
  ref,
  before: ZERO,
  after,
  created: true,
  deleted: false,
  forced: false,
  commits: [],
  repository: {
    id: 1,
    full_name: name,
    name,
    owner: { login: name.split('/')[0] },
    default_branch: 'main',
  },
  sender: { login: 'test' },
});
