import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { AwsError } from '../../../core/aws-error.ts';

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // A key may begin or end with a space, and hold a line break, which comes as &#10;.
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Part' || name === 'Object',
});

// Lists stand in XML without an element around them, under the name of one.
const ELEMENTS: Readonly<Record<string, string>> = {
  Contents: 'Contents',
  CommonPrefixes: 'CommonPrefixes',
  Versions: 'Version',
  DeleteMarkers: 'DeleteMarker',
  Uploads: 'Upload',
  Parts: 'Part',
  Deleted: 'Deleted',
  Errors: 'Error',
};

/** An answer in S3's XML. */
export function toXml(root: string, value: unknown): string {
  const members = Object.entries(value ?? {}).map(([name, member]): [string, unknown] => [
    Array.isArray(member) ? (ELEMENTS[name] ?? name) : name,
    name === 'Buckets' ? { Bucket: plain(member) } : plain(member),
  ]);
  const content = { '@_xmlns': 'http://s3.amazonaws.com/doc/2006-03-01/', ...Object.fromEntries(members) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

export function errorXml(code: string, message: string, resource: string, requestId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ Error: { Code: code, Message: message, Resource: resource, RequestId: requestId } })}`;
}

/** The members of a request in XML: `Delete` with its `Objects`, `MultipartUpload` with its `Parts`. @throws MalformedXML */
export function fromXml(operation: string, text: string): object {
  const parsed = withoutBreaks(parsedXml(text));
  if (operation === 'DeleteObjects') {
    const { Object: Objects = [], Quiet } = member(parsed, 'Delete');
    return { Delete: { Objects, Quiet: Quiet === 'true' } };
  }
  const { Part: Parts = [] } = member(parsed, 'CompleteMultipartUpload');
  return { MultipartUpload: { Parts } };
}

function parsedXml(text: string): unknown {
  try {
    return parser.parse(text, true);
  } catch (cause) {
    throw new AwsError('MalformedXML', `the request is not XML: ${String(cause)}`);
  }
}

/** Spaces and line breaks between elements are nothing that a request says. */
function withoutBreaks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBreaks);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== '#text');
  return Object.fromEntries(members.map(([name, member]) => [name, withoutBreaks(member)]));
}

function member(value: unknown, name: string): Record<string, unknown> {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found === 'object' && found !== null) return found as Record<string, unknown>;
  throw new AwsError('MalformedXML', `the request has no ${name}`);
}
