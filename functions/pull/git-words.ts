import { redact, seldom } from './log.ts';

/** Enough of git's last words to see what went wrong, in characters. */
const maxWords = 8192;

/** Such as `Receiving objects:  45% (18/40), 801.23 MiB | 20.00 MiB/s`, our git's or the host's. */
const progressLine =
  /^(remote: )?([A-Z][a-z]+( [A-Za-z]+)+: +\d+(%|, done)|(Enumerating|Counting) objects: \d|Total \d+ )/;

/** What a git writes to standard error: its progress goes to the build's log, the rest is what it has to say. */
export class GitWords {
  private words = '';
  private begun = '';
  private readonly tell = seldom();

  add(text: string): void {
    const lines = (this.begun + text).split(/(?<=[\r\n])/);
    this.begun = /[\r\n]/.test(lines.at(-1) ?? '') ? '' : (lines.pop() ?? '').slice(-maxWords);
    for (const line of lines) this.addLine(line);
  }

  /** Its last words, without what nobody may see. */
  end(): string {
    this.addLine(this.begun);
    return redact(this.words).trim();
  }

  private addLine(line: string): void {
    if (progressLine.test(line)) this.tell(line.trimEnd());
    else this.words = (this.words + line).slice(-maxWords);
  }
}
