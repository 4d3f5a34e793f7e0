const hidden = new Set<string>();
/** Shorter text would blank out half of an ordinary message. */
const shortest = 6;

/** Keeps `secret` out of everything that `redact` passes on. */
export function hide(secret: string): void {
  for (const form of [secret, encodeURIComponent(secret), ...secret.split('\n').map((line) => line.trim())]) {
    if (form.length >= shortest && !form.startsWith('-----')) hidden.add(form);
  }
}

/** `text` with every hidden secret, and any `user:password@` of a URL, replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of hidden) clean = clean.replaceAll(secret, '***');
  return clean.replace(/(\w+:\/\/)[^\s/@]*:[^\s/@]*@/g, '$1***@');
}
