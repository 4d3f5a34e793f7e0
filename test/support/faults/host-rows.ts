import type { HostFault } from './faulty-host.ts';
import type { Row } from './rows.ts';

export interface HostRow extends Row {
  readonly fault: HostFault;
  /** how many requests it is for: a build makes three tries, so six are those of two builds */
  readonly times: number;
  /** what it names in its words */
  readonly says?: string;
}

const ALWAYS = Number.POSITIVE_INFINITY;
const TWO_BUILDS = 6;

/** What a git host does, by what becomes of a push to it. */
export const HOST_ROWS: readonly HostRow[] = [
  {
    what: 'It answers one request with 500',
    fault: { kind: 'status', status: 500 },
    times: 1,
    outcome: 'Published',
  },
  {
    what: 'It answers six requests with 503',
    fault: { kind: 'status', status: 503 },
    times: TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'It answers with 200 and nothing to six tries, as what stands before a host may',
    fault: { kind: 'status', status: 200 },
    // git asks for the file HEAD too where nothing is listed
    times: 2 * TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'It answers six requests with 429 and `Retry-After: 1`',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    times: TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'It answers with 429 and `Retry-After: 3000`: no request is made for 50 minutes',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '3000' } },
    times: 1,
    outcome: 'Published',
    builds: 2,
    says: 'it asks for 3000 s of rest',
  },
  {
    what: 'It resets six connections',
    fault: { kind: 'reset' },
    times: TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'It breaks off six packs in the middle',
    fault: { kind: 'truncated' },
    times: TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  {
    what: 'It sends six packs with damaged bytes',
    fault: { kind: 'corrupt' },
    times: TWO_BUILDS,
    outcome: 'Published',
    builds: 3,
  },
  { what: 'It sends its pack slowly', fault: { kind: 'slow' }, times: 1, outcome: 'Published' },
  {
    what: 'It refuses the credential (401)',
    fault: { kind: 'status', status: 401, headers: { 'www-authenticate': 'Basic realm="git"' } },
    times: ALWAYS,
    outcome: 'PullFailed',
    error: 'CredentialRefused',
  },
  {
    what: 'It forbids the repository to the credential (403)',
    fault: { kind: 'status', status: 403 },
    times: ALWAYS,
    outcome: 'PullFailed',
    error: 'CredentialRefused',
  },
  {
    what: 'It has no such repository (404)',
    fault: { kind: 'status', status: 404 },
    times: ALWAYS,
    outcome: 'PullFailed',
    error: 'RepositoryMissing',
  },
  {
    what: 'It sends elsewhere (301)',
    fault: { kind: 'status', status: 301, headers: { location: 'http://127.0.0.1:1/' } },
    times: ALWAYS,
    outcome: 'PullFailed',
    error: 'RepositoryMissing',
  },
];

/** It takes no connection, until it is up again. */
export const AWAY: Row = {
  what: 'It takes no connection while two builds ask for it',
  outcome: 'Published',
  builds: 3,
};

/** The delivered commit is nowhere at the host. */
export const NO_COMMIT: Row = {
  what: 'It has the ref, and neither there nor elsewhere the delivered commit',
  outcome: 'Superseded',
};
