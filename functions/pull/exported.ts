import { writeFile } from 'node:fs/promises';
import type { PullResult } from '../../statemachine/payloads.ts';
import { NO_VALUE, type PullExport } from '../../statemachine/pull-exports.ts';
import { shellQuote } from './ssh.ts';

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
  };
  const lines = Object.entries(values).map(
    ([name, value]) => `export ${name}=${shellQuote(value || NO_VALUE)}\n`,
  );
  await writeFile(path, lines.join(''), { mode: 0o600 });
}
