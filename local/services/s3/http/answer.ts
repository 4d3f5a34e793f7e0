import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { ANSWER_HEADERS, METADATA, OVERRIDES } from './members.ts';
import type { Route } from './route.ts';
import { toXml } from './xml.ts';

const outputSchema = z.looseObject({
  LastModified: z.date().optional(),
  Metadata: z.record(z.string(), z.string()).default({}),
});

/** Writes what an operation answered: in headers with the object's bytes, or in XML. */
export function sendAnswer(
  reply: FastifyReply,
  { xml, status }: Route,
  output: unknown,
  query: URLSearchParams,
): FastifyReply {
  const { Metadata, LastModified, ...answer } = outputSchema.parse(output ?? {});
  // In an answer in XML, a tag or a checksum stands there.
  for (const [member, header] of Object.entries(ANSWER_HEADERS))
    if (answer[member] !== undefined && !(xml && /^ETag$|^Checksum/.test(member)))
      reply.header(header, String(answer[member]));
  if (LastModified) reply.header('last-modified', LastModified.toUTCString());
  for (const [name, value] of Object.entries(Metadata)) reply.header(`${METADATA}${name}`, value);
  if (xml) return sendXml(reply, xml, answer, query);
  for (const [name, header] of Object.entries(OVERRIDES))
    if (query.has(name)) reply.header(header, query.get(name) ?? '');
  reply.code(answer.ContentRange === undefined ? (status ?? 200) : 206);
  return reply.send(answer.Body);
}

function sendXml(
  reply: FastifyReply,
  root: string,
  answer: Record<string, unknown>,
  query: URLSearchParams,
): FastifyReply {
  reply.type('application/xml');
  // Of a copy, one member is the whole document; the others stand in headers.
  if (root in answer) return reply.send(toXml(root, answer[root]));
  const asked = query.get('encoding-type') === 'url';
  return reply.send(toXml(root, asked ? { ...urlEncoded(answer), EncodingType: 'url' } : answer));
}

const ENCODED = new Set([
  'Delimiter',
  'Key',
  'KeyMarker',
  'Marker',
  'NextKeyMarker',
  'NextMarker',
  'Prefix',
  'StartAfter',
]);

/** Keys as a client asked for them: XML cannot hold every character that a key may. */
function urlEncoded(answer: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([name, member]) => [name, encodedMember(name, member)]),
  );
}

function encodedMember(name: string, member: unknown): unknown {
  if (Array.isArray(member)) return member.map((each) => urlEncoded(z.looseObject({}).parse(each)));
  if (typeof member !== 'string' || !ENCODED.has(name)) return member;
  return encodeURIComponent(member).replaceAll('%2F', '/').replaceAll('%20', '+');
}
