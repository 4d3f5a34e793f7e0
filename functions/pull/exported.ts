import { writeFile } from 'node:fs/promises';
import { cut } from '../../events/template.ts';
import type { PullResult } from '../../statemachine/payloads.ts';
import { encodedText, NO_VALUE, type PullExport } from '../../statemachine/pull-exports.ts';
import { redact } from './log.ts';
import { shellQuote } from './ssh.ts';

/** A value of a variable has no more characters; some of them take nine when they are encoded. */
const MAX_TEXT = 1000;

/** Text that whoever pushes has written: without our secrets, and in ASCII. */
const text = (value = ''): string => encodedText(cut(redact(value), MAX_TEXT));

/**
 * Writes what the machine reads of the build as a shell file. The buildspec sources it in the program's own command,
 * joined by `&&`, so that the program's exit status is the build's and nothing outside is ever parsed as shell.
 */
export async function writeExports(path: string, pulled: PullResult): Promise<void> {
  const values: Record<PullExport, string> = {
    HOOKLINE_OUTCOME: pulled.outcome,
    HOOKLINE_TOKEN: pulled.token,
    HOOKLINE_COMMIT: pulled.commit,
    HOOKLINE_TIP: pulled.tip,
    HOOKLINE_KEY: pulled.key,
    HOOKLINE_VERSION_ID: pulled.versionId,
    HOOKLINE_TIP_KEY: pulled.tipKey,
    HOOKLINE_BYTES: pulled.bytes,
    HOOKLINE_CONTENT: pulled.content ?? '',
    HOOKLINE_REASON: text(pulled.reason),
    HOOKLINE_SUBJECT: text(pulled.subject),
    HOOKLINE_MESSAGE: text(pulled.message),
    HOOKLINE_AUTHOR: text(pulled.author),
    HOOKLINE_TIME: text(pulled.time),
    HOOKLINE_FILES: text(pulled.files),
    HOOKLINE_CHANGED: text(pulled.changed),
  };
  const lines = Object.entries(values).map(
    ([name, value]) => `export ${name}=${shellQuote(value || NO_VALUE)}\n`,
  );
  await writeFile(path, lines.join(''), { mode: 0o600 });
}
