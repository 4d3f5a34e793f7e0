import { useEffect, useState } from 'react';
import type { DraftAnswer, DraftRequest } from '../../api.ts';
import { Failure, post } from '../api/client.ts';

const PAUSE_MS = 200;

export interface Draft {
  /** the last text that was right */
  readonly text: string;
  readonly problems: DraftAnswer['problems'];
  readonly failure: Failure | undefined;
}

/** The YAML of what is being written, as it is written. */
export function useDraft(wanted: DraftRequest): Draft {
  const [draft, setDraft] = useState<Draft>({ text: '', problems: [], failure: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        // A name is asked for in the end: until then, the rest is shown as if there were one.
        const named = { ...wanted, name: wanted.name || 'new-rule' };
        const { text, problems } = await post<DraftAnswer>('rules/draft', named, abort.signal);
        setDraft((known) => ({ text: text ?? known.text, problems, failure: undefined }));
      } catch (error) {
        if (abort.signal.aborted) return;
        const failure = error instanceof Failure ? error : new Failure(String(error), 0);
        setDraft((known) => ({ ...known, failure }));
      }
    };
    const timer = setTimeout(ask, PAUSE_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [wanted]);
  return draft;
}
