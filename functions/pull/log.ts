import { redact } from './redact.ts';

/** One line of progress in the build's log; control characters of outside text are shown escaped. */
export function progress(message: string): void {
  process.stdout.write(`${printable(redact(message))}\n`);
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
