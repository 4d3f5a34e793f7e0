import { afterEach, describe, expect, it, vi } from 'vitest';
import { hide, megabytes, printable, progress, redact, seldom } from '../../../functions/pull/log.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a secret', () => {
  it('is hidden whole, as a URL has it, and each line of it', () => {
    hide('first+line\n  second line  \nthird');
    expect(redact('a first+line b second line c first%2Bline%0A%20%20second%20line%20%20%0Athird d')).toBe(
      'a *** b *** c *** d',
    );
    expect(redact('third')).toBe('third');
  });

  it('of six characters is hidden, and a shorter one would blank out half of the words', () => {
    hide('sixsix');
    hide('five5');
    expect(redact('sixsix five5')).toBe('*** five5');
  });

  it('leaves the armour of a key to be seen', () => {
    hide('-----BEGIN OPENSSH PRIVATE KEY-----\nkeykeykey\n-----END it');
    expect(redact('-----BEGIN OPENSSH PRIVATE KEY-----')).toBe('-----BEGIN OPENSSH PRIVATE KEY-----');
    expect(redact('-----END it')).toBe('-----END it');
    expect(redact('x keykeykey y keykeykey')).toBe('x *** y ***');
  });

  it.each([
    ['https://user:word@host/x', 'https://***@host/x'],
    ['ssh://u:p@h, http://:p@h and https://u:@h', 'ssh://***@h, http://***@h and https://***@h'],
    ['https://user:pa:ss@host, https://:::@host', 'https://***@host, https://***@host'],
    ['https://user@host/x', 'https://user@host/x'],
    ['https://host/a:b@c', 'https://host/a:b@c'],
    ['https://host a:b@c', 'https://host a:b@c'],
    ['https://user:a/b@c', 'https://user:a/b@c'],
    ['https://a:b c@d', 'https://a:b c@d'],
    ['a:b@c', 'a:b@c'],
  ])('of a URL is hidden: %j %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('is looked for in time that grows with the text alone', () => {
    const text = `://${':'.repeat(100_000)}`;
    const started = Date.now();
    expect(redact(text)).toBe(text);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

describe('a line of the log', () => {
  it('shows what controls a terminal escaped, and no secret', () => {
    const log: unknown[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(text) > 0);
    hide('secret-word');
    progress('a\nb\u001b[31m secret-word \u0085');
    expect(log).toEqual(['a\\x0ab\\x1b[31m *** \\x85\n']);
    expect(printable('plain ü')).toBe('plain ü');
  });

  it('is seldom told, each after ten seconds', () => {
    const log: unknown[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(text) > 0);
    let now = 1_000_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    const tell = seldom();
    for (const [after, words] of [
      [9_999, 'early'],
      [1, 'told'],
      [9_999, 'again early'],
      [1, 'again'],
    ] as const) {
      now += after;
      tell(words);
    }
    expect(log).toEqual(['told\n', 'again\n']);
  });

  it('counts in megabytes', () => {
    expect([megabytes(1_234_567), megabytes(0)]).toEqual(['1.2 MB', '0.0 MB']);
  });
});
