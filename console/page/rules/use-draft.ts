import { useEffect, useState } from 'react';
import type { DraftAnswer, DraftRequest } from '../../api.ts';
import { Failure, post } from '../api/client.ts';

const PAUSE_MS = 200;

export interface Draft {
  /** the last text without a problem */
  readonly text: string;
  readonly problems: DraftAnswer['problems'];
  readonly failure: Failure | undefined;
}

/** The YAML of the form's rule, new at each change of the form. */
export function useDraft(request: DraftRequest): Draft {
  const [draft, setDraft] = useState<Draft>({ text: '', problems: [], failure: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        // People often write the name last: until then, the draft has a placeholder for a name.
        const named = { ...request, name: request.name || 'new-rule' };
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
  }, [request]);
  return draft;
}
