import { createHmac, createPrivateKey } from 'node:crypto';

const MAGIC = 'openssh-key-v1\0';
const LOCKED = 'it is locked by a passphrase, which nobody is there to type';

/** The problem of a private key; undefined for a key that ssh can use without asking for anything. */
export function keyProblem(text: string): string | undefined {
  const match = /^-----BEGIN ([A-Z ]*PRIVATE KEY)-----\s+([\s\S]+?)\s+-----END \1-----\s*$/.exec(text);
  if (!match) return 'it is not a private key: it has no -----BEGIN … PRIVATE KEY----- and matching end';
  const [, kind, body = ''] = match;
  if (kind !== 'OPENSSH PRIVATE KEY') return pemProblem(text);
  const bytes = Buffer.from(body.replace(/\s/g, ''), 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return 'its body is not an OpenSSH key';
  // The first string behind the magic is the cipher that it is locked with.
  const cipher = stringAt(bytes, MAGIC.length);
  if (cipher === undefined) return 'its body ends too early';
  return cipher === 'none' ? undefined : LOCKED;
}

function pemProblem(text: string): string | undefined {
  if (/ENCRYPTED/.test(text)) return LOCKED;
  try {
    createPrivateKey(text);
    return undefined;
  } catch {
    return 'its body is not a key';
  }
}

/**
 * The problem of a known_hosts file; undefined for a file that has the host's key.
 * @param host as ssh asks for it: `host`, or `[host]:port` for another port than 22
 */
export function knownHostsProblem(text: string, host: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (entries.length === 0) return 'it has no line with a key';
  const broken = entries.find((line) => !isEntry(line));
  if (broken !== undefined)
    return `${JSON.stringify(broken.slice(0, 60))} is not a line of a known_hosts file`;
  if (!entries.some((line) => names(line, host))) return `no line of it is for ${host}`;
  return undefined;
}

/** `[@marker] names type key [comment]`, the key with its type in it. */
function isEntry(line: string): boolean {
  const [, type = '', key = ''] = withoutMarker(line);
  const bytes = Buffer.from(key, 'base64');
  return type !== '' && stringAt(bytes, 0) === type;
}

const withoutMarker = (line: string): string[] => line.replace(/^@\S+\s+/, '').split(/\s+/);

function names(line: string, host: string): boolean {
  const [hosts = ''] = withoutMarker(line);
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts);
  if (!hashed) return hosts.split(',').some((pattern) => isLike(host, pattern));
  const [, salt = '', hash] = hashed;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
}

function isLike(host: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(host);
}

/** A string of the SSH wire format: four bytes of length, and so many bytes. */
function stringAt(bytes: Buffer, at: number): string | undefined {
  if (bytes.length < at + 4) return undefined;
  const end = at + 4 + bytes.readUInt32BE(at);
  return end <= bytes.length ? bytes.subarray(at + 4, end).toString('latin1') : undefined;
}
