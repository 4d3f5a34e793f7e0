const COMMIT = 'a'.repeat(40);
const TIME = '2026-01-01T00:00:00Z';

/** A push, of which much is changed. */
export const PUSH = {
  ref: 'refs/heads/main',
  before: '0'.repeat(40),
  after: COMMIT,
  created: false,
  deleted: false,
  forced: false,
  commits: [{ id: COMMIT, message: 'm', added: ['a'], removed: [], modified: [] }],
  head_commit: { id: COMMIT, message: 'm', timestamp: TIME, author: { name: 'a', email: 'e' } },
  repository: { id: 1, full_name: 'acme/app', name: 'app', default_branch: 'main', owner: { login: 'acme' } },
  sender: { login: 'test' },
};

/** What the routes of the git host's API take. */
export const API_BODY = {
  name: 'web',
  active: true,
  events: ['push'],
  config: { url: 'http://127.0.0.1:1/', content_type: 'json', secret: 's' },
  state: 'success',
  description: 'd',
  context: 'c',
  title: 't',
  head: 'topic',
  base: 'main',
  body: 'b',
  labels: ['a'],
  draft: false,
  permission: 'push',
  sha: COMMIT,
  merge_method: 'merge',
};

/** What LFS's batch takes. */
export const BATCH = {
  operation: 'download',
  objects: [{ oid: 'a'.repeat(64), size: 3 }],
  hash_algo: 'sha256',
};

/** What the routes of the console take. */
export const CONSOLE_BODY = {
  name: 'n',
  rule: 'default',
  rules: ['default'],
  from: TIME,
  to: '2026-01-02T00:00:00Z',
  text: 'match: { event: [push] }\n',
  deliveries: ['x'],
  filters: { outcome: ['failed'] },
  event: 'push',
  payload: {},
};
