const hiddenSecrets = new Set<string>();
/** Shorter text would blank out half of an ordinary message. */
const shortest = 6;

/** Keeps `secret`, and every line of it, out of everything that `redact` passes on. */
export function hide(secret: string): void {
  for (const form of [secret, encodeURIComponent(secret), ...secret.split('\n').map((line) => line.trim())]) {
    if (form.length >= shortest && !form.startsWith('-----')) hiddenSecrets.add(form);
  }
}

/** `text` with every hidden secret, and any `user:password@` of a URL, replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of hiddenSecrets) clean = clean.replaceAll(secret, '***');
  return clean.replace(/(?<=:\/\/)[^\s/@:]*:[^\s/@]*@/g, '***@');
}

/** One line of progress in the build's log; control characters of outside text are shown escaped. */
export function progress(message: string): void {
  process.stdout.write(`${printable(redact(message))}\n`);
}

const SELDOM_MS = 10_000;

/** `progress` for what may be told many times a second: one line in ten seconds, and none of what takes less. */
export function seldom(): (message: string) => void {
  let told = Date.now();
  return (message) => {
    if (Date.now() - told < SELDOM_MS) return;
    told = Date.now();
    progress(message);
  };
}

/** Text on one line without characters that a terminal acts on. */
export function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** `1234567` as `1.2 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
