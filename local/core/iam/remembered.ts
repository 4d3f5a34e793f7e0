import type { Decide } from './decide.ts';
import type { Request, Verdict } from './evaluate.ts';

/** Decisions that are kept until a policy changes. */
export interface Remembered extends Decide {
  /** called at each change of a policy */
  forget(): void;
}

// A stack asks for some hundreds again and again; what an object's key is part of is asked for once.
const MOST = 5000;

/** Decides each request once: between two changes of the policies, nothing but the request counts. */
export function remembered(decide: Decide): Remembered {
  const verdicts = new Map<string, Verdict>();
  const once =
    (question: keyof Decide) =>
    (request: Request): Verdict => {
      const id = JSON.stringify([question, request]);
      const known = verdicts.get(id);
      if (known !== undefined) return known;
      const verdict = decide[question](request);
      if (verdicts.size >= MOST) verdicts.clear();
      verdicts.set(id, verdict);
      return verdict;
    };
  return { judge: once('judge'), judgeAssuming: once('judgeAssuming'), forget: () => verdicts.clear() };
}

/** Decides each time anew, for whoever listens to each decision. */
export const afresh = (decide: Decide): Remembered => ({ ...decide, forget: () => undefined });
