const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs;

/**
 * A name that an object of a JSON text has twice: JSON.parse takes the last of them, and Step Functions refuses the text.
 * @param text that JSON.parse takes
 */
export function duplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') last = token;
    else if (open.at(-1)?.has(last)) return last;
    else open.at(-1)?.add(last);
  }
  return undefined;
}
