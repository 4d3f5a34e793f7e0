import { createLogUpdate } from 'log-update';
import { drawsInPlace } from '../print.ts';
import type { Step } from './follow-execution.ts';

export type PrintLine = (text: string) => void;

/** Writes lines for people. */
export const linePrinter =
  (terminal: NodeJS.WriteStream): PrintLine =>
  (text) =>
    void terminal.write(`${text}\n`);

/** Shows the steps of a delivery: a list that changes in place in a terminal, a line for each ended step elsewhere. */
export interface Progress {
  show(steps: readonly Step[]): void;
  done(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  return drawsInPlace(stream) ? inPlace(stream) : lines(stream);
}

function inPlace(stream: NodeJS.WriteStream): Progress {
  const update = createLogUpdate(stream);
  return {
    show: (steps) => update(steps.map((step) => line(step, Date.now())).join('\n')),
    done: () => update.done(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  let written = 0;
  return {
    show: (steps) => {
      const ended = steps.filter(({ endedAt }) => endedAt !== undefined);
      for (const step of ended.slice(written)) stream.write(`${line(step, Date.now())}\n`);
      written = ended.length;
    },
    done: () => undefined,
  };
}

function line({ name, startedAt, endedAt, failed }: Step, now: number): string {
  const mark = failed ? '✖' : endedAt === undefined ? '…' : '✔';
  return `  ${mark} ${name.padEnd(24)} ${seconds((endedAt ?? now) - startedAt)}`;
}

/** `0.12 s` */
export const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(2)} s`;
