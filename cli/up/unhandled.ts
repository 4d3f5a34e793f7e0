import { isOfCommit } from '../../local/index.ts';

/**
 * Rejects with what nobody has handled, once: a runtime whose background work has failed, as on a full disk, must not go
 * on, and ends with one line as any command does.
 */
export function firstUnhandled(): Promise<never> {
  return new Promise((_, reject) => {
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.on(event, (error: unknown) => {
        // Whoever wrote has got an error of their own.
        if (!isOfCommit(error)) reject(error);
      });
  });
}
