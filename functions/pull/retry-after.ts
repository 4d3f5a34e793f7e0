import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The headers of git's HTTP answers, written by git to a file of ours: git itself says nothing of Retry-After. */
export interface Trace {
  /** makes git write them; git blanks out credentials there */
  readonly env: Readonly<Record<string, string>>;
  /** how long the last answer asks to be left alone, in seconds */
  retryAfter(): Promise<number | undefined>;
  /** whether a git server has answered: what stands before one may answer in its place, and with 200 too */
  isOfGit(): Promise<boolean>;
  remove(): Promise<void>;
}

/** @param home a folder of ours, removed after the pull */
export async function newTrace(home: string): Promise<Trace> {
  const folder = await mkdtemp(join(home, 'headers-'));
  const file = join(folder, 'trace');
  const headers = () => readFile(file, 'latin1').catch(() => '');
  return {
    env: { GIT_TRACE_CURL: file, GIT_TRACE_CURL_NO_DATA: '1', GIT_TRACE_REDACT: '1' },
    retryAfter: async () => secondsOf(await headers()),
    isOfGit: async () => LIST_OF_REFS.test(await headers()),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** https://git-scm.com/docs/http-protocol#_smart_clients */
const LIST_OF_REFS = /<= Recv header: content-type: *application\/x-git-upload-pack-advertisement/i;

/** The value is seconds, or the date that they end at. */
function secondsOf(headers: string, now = Date.now()): number | undefined {
  const value = [...headers.matchAll(/<= Recv header: retry-after: *(.+?)\s*$/gim)].at(-1)?.[1];
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : undefined;
}
