const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\]:,]/gs;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a body as JSON, strictly: two readers of one body must never see two things. Its errors do not quote the body.
 * @throws for bytes that are not UTF-8, for what is not a JSON object, and for a member that stands there twice
 */
export function parseBody(body: Buffer): Record<string, unknown> {
  const text = decoded(body);
  const value: unknown = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(
      `the body is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}: send a JSON object`,
    );
  const twice = duplicateMember(text);
  if (twice !== undefined)
    throw new Error(`the body has the member ${twice.slice(0, 200)} twice in one object: send it once`);
  return value as Record<string, unknown>;
}

function decoded(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Error('the body is not UTF-8: send JSON in UTF-8');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The messages of JSON.parse quote the body.
    throw new Error(`the body is ${text === '' ? 'empty' : 'not JSON'}: send a JSON object`);
  }
}

/** The first name that an object of this JSON has twice. */
function duplicateMember(json: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{') objects.push(new Set());
    else if (token === '[') objects.push(undefined);
    else if (token === '}' || token === ']') objects.pop();
    else if (token === ':') {
      // Two spellings of one name are one name.
      const name = String(JSON.parse(last));
      const names = objects.at(-1);
      if (names?.has(name)) return last;
      names?.add(name);
    }
    last = token;
  }
  return undefined;
}
