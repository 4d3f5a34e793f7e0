import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newTrace } from '../../../functions/pull/retry-after.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const NOW = Date.parse('2026-01-02T03:04:05.250Z');

describe('how long a host wants to be left alone', () => {
  let home: string;
  beforeAll(async () => {
    home = temporaryFolder().path;
  });
  afterAll(() => vi.useRealTimers());

  const asked = async (...headers: string[]) => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    onTestFinished(() => void vi.useRealTimers());
    const trace = await newTrace(home);
    const lines = headers.map((header) => `03:04:05.1 http.c:1 <= Recv header: ${header}\r\n`);
    await writeFile(trace.env.GIT_TRACE_CURL ?? '', lines.join(''));
    const seconds = await trace.retryAfter();
    await trace.remove();
    return seconds;
  };

  it.each([
    [['retry-after: 120'], 120],
    [['Retry-After:7  '], 7],
    [['retry-after: 5', 'content-length: 0', 'retry-after: 9'], 9],
    [['retry-after: Fri, 02 Jan 2026 03:04:15 GMT'], 10],
    [['retry-after: Fri, 02 Jan 2026 03:00:00 GMT'], 0],
    [['retry-after: 2026-01-02T03:04:15Z'], 10],
    [['retry-after: soon'], undefined],
    [['retry-after: 12 seconds'], undefined],
    [['retry-after: about 12'], 0],
    [['x-retry: 12'], undefined],
    [['retry-after: '], undefined],
    [[], undefined],
  ])('is by %j %s seconds', async (headers, seconds) => {
    expect(await asked(...headers)).toBe(seconds);
  });

  it.each([
    ['content-type: application/x-git-upload-pack-advertisement', true],
    ['Content-Type:application/x-git-upload-pack-advertisement; charset=x', true],
    ['content-type: application/x-git-upload-pack-result', false],
    ['x-content-type: application/x-git-upload-pack-advertisement', false],
  ])('%j is the answer of a git server: %s', async (header, isOfGit) => {
    const trace = await newTrace(home);
    await writeFile(trace.env.GIT_TRACE_CURL ?? '', `03:04:05.1 http.c:1 <= Recv header: ${header}\r\n`);
    expect(await trace.isOfGit()).toBe(isOfGit);
    await trace.remove();
    expect(await trace.isOfGit()).toBe(false);
  });

  it('is not known where git has written nothing, and nothing is left of the trace', async () => {
    const trace = await newTrace(home);
    expect(await trace.retryAfter()).toBeUndefined();
    expect(trace.env).toMatchObject({ GIT_TRACE_CURL_NO_DATA: '1', GIT_TRACE_REDACT: '1' });
    expect(await readdir(home)).toEqual([expect.stringMatching(/^headers-/)]);
    for (const _ of ['once', 'twice']) await trace.remove();
    expect(await readdir(home)).toEqual([]);
  });
});
