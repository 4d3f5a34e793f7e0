import type { Tone } from '../parts/outcome-words.ts';

const STATES: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  STARTING: ['Starting', 'busy'],
  RUNNING: ['Running', 'busy'],
  // EventBridge has completed it, and what the events have started still runs.
  SENT: ['All sent', 'busy'],
  COMPLETED: ['Completed', 'good'],
  CANCELLING: ['Being cancelled', 'warn'],
  CANCELLED: ['Cancelled', 'warn'],
  FAILED: ['Failed', 'bad'],
};

export const canBeCancelled = (state: string): boolean => state === 'STARTING' || state === 'RUNNING';

export const hasEnded = (state: string): boolean => ['COMPLETED', 'CANCELLED', 'FAILED'].includes(state);

export function ReplayState({ state }: { readonly state: string }) {
  const [words, tone] = STATES[state] ?? [state, 'plain'];
  return <span className={`outcome ${tone}`}>{words}</span>;
}
