import { startProcess } from './process.ts';

/** The time from the command to an answering port. */
export async function measureStart(root: string): Promise<{ ms: number }> {
  const running = await startProcess(root);
  await running.stop();
  return { ms: running.readyAfterMs };
}
