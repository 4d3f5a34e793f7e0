import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Aim } from './aim.ts';
import { type Answer, answerSchema } from './messages.ts';

/** A runtime in a process of its own. */
export interface Running {
  readonly pid: number;
  /** rejects when the process ends first, with what it wrote to standard error */
  readonly ready: Promise<void>;
  /** resolves when the process is gone */
  readonly ended: Promise<void>;
  /** rejects then, with what it wrote to standard error */
  readonly gone: Promise<never>;
  /**
   * @param aim `null` takes an aim back
   * @throws when the process ends first
   */
  ask(aim?: Aim | null): Promise<Answer>;
  kill(): void;
  /** whether kill -9 has ended it */
  killed(): boolean;
}

/** What is started again and again. */
export interface Started {
  /** the compiled runtime.ts */
  readonly program: string;
  readonly data: string;
  readonly assembly: string;
}

/** @param port 0 for a free one */
export function startRunning({ program, data, assembly }: Started, port: number): Running {
  const child = fork(program, [data, assembly, String(port)], {
    execArgv: [],
    // Out of reach of the Ctrl+C that is meant for the process which waits for it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const gone = goneOf(child, ended);
  const answer = answersOf(child, gone);
  const ready = answer(0).then(() => undefined);
  ready.catch(() => undefined);
  let number = 0;
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    gone,
    ask: (aim) => {
      number += 1;
      // What is being killed takes no message any more: its end is the answer then.
      child.send({ number, aim }, () => undefined);
      return answer(number);
    },
    kill: () => void child.kill('SIGKILL'),
    killed: () => child.signalCode === 'SIGKILL',
  };
}

function goneOf(child: ChildProcess, ended: Promise<void>): Promise<never> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  const gone = ended.then((): never => {
    throw new Error(`the runtime has ended: ${said || 'it said nothing'}`);
  });
  gone.catch(() => undefined);
  return gone;
}

function answersOf(child: ChildProcess, gone: Promise<never>): (number: number) => Promise<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (message) => {
    const answer = answerSchema.parse(message);
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
  });
  return (number) => Promise.race([new Promise<Answer>((resolve) => waiting.set(number, resolve)), gone]);
}
