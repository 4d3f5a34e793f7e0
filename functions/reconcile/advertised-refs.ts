import { HostRests } from '../../events/host-rest.ts';
import { untrusted } from '../../events/providers/certificate-fault.ts';
import { fetchTrusting } from '../../events/providers/trusting-fetch.ts';
import { isRef } from '../../events/ref.ts';
import { repositorySegments } from '../shared/artifact.ts';
import { restAfter } from './host-rest.ts';
import type { KnownHost } from './known-host.ts';

/** What a host has at a ref: the object it names, and the commit, which is another for an annotated tag. */
export interface Tip {
  readonly id: string;
  readonly commit: string;
}

const TIMEOUT_MS = 20_000;
// Some 100,000 refs.
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The branches and tags of a repository in one request: what `git ls-remote` asks for, over smart HTTP.
 * https://git-scm.com/docs/http-protocol
 * @throws when the host does not answer so, or asks to be left alone
 */
export async function advertisedRefs(host: KnownHost, fullName: string): Promise<Map<string, Tip>> {
  const { name, settings } = host;
  const authorization = await host.authorization(fullName);
  const path = repositorySegments(fullName).join('/');
  const url = `${settings.url}/${path}.git/info/refs?service=git-upload-pack`;
  const get = settings.ca === undefined ? fetch : fetchTrusting(settings.ca);
  const response = await get(url, {
    headers: { authorization, 'user-agent': 'git/hookline' },
    // The credential is for this address alone.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw untrusted(error, { host: name, hasAuthority: settings.ca !== undefined }) ?? error;
  });
  const rest = restAfter(response.status, Object.fromEntries(response.headers.entries()));
  if (rest !== undefined) throw new HostRests(name, rest);
  if (response.status !== 200 || !response.body)
    throw new Error(`${name} answers ${response.status} for the refs of ${fullName}`);
  return refsOf(await upTo(MAX_BYTES, response.body, fullName), fullName);
}

async function upTo(most: number, body: AsyncIterable<Uint8Array>, of: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) throw new Error(`${of} has more refs than ${most} bytes hold: it is not looked at`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const LINE = /^([0-9a-f]{40}|[0-9a-f]{64}) (.+?)(\^\{\})?$/;

/** Reads the advertisement: lines of `id ref`, and of `id ref^{}` for what an annotated tag names. */
export function refsOf(bytes: Buffer, of: string): Map<string, Tip> {
  const lines = packetLines(bytes, of);
  if (lines[0] !== '# service=git-upload-pack')
    throw new Error(`the host answers no list of the refs of ${of}`);
  const refs = new Map<string, Tip>();
  for (const line of lines.slice(1)) {
    const [, id = '', ref = '', peeled] = LINE.exec(line.split('\0')[0] ?? '') ?? [];
    if (!/^refs\/(heads|tags)\//.test(ref) || !isRef(ref)) continue;
    const held = refs.get(ref);
    refs.set(ref, peeled && held ? { ...held, commit: id } : { id, commit: id });
  }
  return refs;
}

/** Each packet begins with its length in four hex digits, which count; `0000` is a pause, and the end. */
function packetLines(bytes: Buffer, of: string): string[] {
  const lines: string[] = [];
  let length: number | undefined;
  for (let at = 0; at < bytes.length; at += length || 4) {
    length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 0) continue;
    if (!(length >= 4)) break;
    lines.push(bytes.toString('utf8', at + 4, at + length).replace(/\n$/, ''));
  }
  // Without its end, a list might lack the refs that came last.
  if (length !== 0) throw new Error(`the list of the refs of ${of} is cut off`);
  return lines;
}
