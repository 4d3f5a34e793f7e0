import { drawsInPlace } from './print.ts';

/** Shows people the progress of a long call, on standard error: a script reads standard output. */
export interface ProgressLine {
  /** @param done from 0 to 1 */
  show(text: string, done: number): void;
  done(): void;
}

const WIDTH = 30;

/** A bar that changes in place in a terminal, and plain lines elsewhere. */
export async function progressLine(stream: NodeJS.WriteStream = process.stderr): Promise<ProgressLine> {
  if (!drawsInPlace(stream)) return plainLines(stream);
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stream);
  return {
    show: (text, done) => update(`${bar(done)} ${percent(done)}  ${text}`),
    done: () => update.clear(),
  };
}

export function bar(done: number): string {
  const full = Math.round(within(done) * WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
}

const percent = (done: number): string => `${Math.round(within(done) * 100)} %`.padStart(5);

const within = (done: number): number => Math.min(1, Math.max(0, done || 0));

// Four lines show in a log that something goes on, and do not fill it.
const STEPS = 4;

/** A line at each quarter, and whenever the text says something new. */
export function plainLines(stream: { write(text: string): unknown }): ProgressLine {
  let [lastText, lastStep] = ['', -1];
  return {
    show: (text, done) => {
      const step = Math.floor(within(done) * STEPS);
      if (text === lastText && step === lastStep) return;
      [lastText, lastStep] = [text, step];
      stream.write(`${percent(done)}  ${text}\n`);
    },
    done: () => undefined,
  };
}
