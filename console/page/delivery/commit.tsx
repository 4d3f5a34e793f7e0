import { type ReactNode, useState } from 'react';
import { UNMATCHED } from '../../../statemachine/outcomes.ts';
import type { CommitAnswer, DeliveryRow } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Copy } from '../parts/copy.tsx';
import { toneOf } from '../parts/outcome-words.ts';

const SHOWN_DIGITS = 12;

interface Props {
  readonly row: DeliveryRow;
  readonly answer: CommitAnswer;
}

/** What is known of a delivery's commit, and the git host's pages. */
export function useCommit(row: DeliveryRow): CommitAnswer {
  const path = isKnown(row) ? `deliveries/${encodeURIComponent(row.id)}/commit` : undefined;
  return useLive<CommitAnswer>(path, 0).value ?? {};
}

const isKnown = ({ outcome, commit, ref, pullRequest }: DeliveryRow): boolean =>
  outcome !== UNMATCHED && (commit !== '' || ref !== '' || pullRequest !== undefined);

/** The commit of a delivery: what it changes and who wrote it. Its place is there from the beginning, so that nothing moves. */
export function Commit({ row: { commit, outcome, pullRequest }, answer }: Props) {
  // A run that has only begun may have no commit on record yet.
  const [mayComeYet] = useState(() => toneOf(outcome) === 'busy');
  if (commit === '' && pullRequest === undefined && !mayComeYet) return null;
  const { subject = '', author = '', changed = [], pages = {} } = answer;
  return (
    <p className="commit">
      {pullRequest !== undefined && <Page to={pages.request}>{`#${pullRequest}`}</Page>}
      {commit !== '' && (
        <span className="commit-id">
          <Page to={pages.commit}>
            <code title={commit}>{commit.slice(0, SHOWN_DIGITS)}</code>
          </Page>
          <Copy name="Copy: Commit" text={commit} small />
        </span>
      )}
      <span className="fact-message cut" title={subject}>
        {subject}
      </span>
      {author !== '' && <span className="quiet">by {author}</span>}
      {changed.length > 0 && (
        <span className="commit-files cut" title={changed.join('\n')}>
          <Page to={pages.compare}>{filesInWords(changed)}</Page>
        </span>
      )}
    </p>
  );
}

/** `2 files: a.txt, b.txt` */
function filesInWords(changed: readonly string[]): string {
  return `${changed.length} ${changed.length === 1 ? 'file' : 'files'}: ${changed.join(', ')}`;
}

/** A link to the git host's own page, where the host has one. */
export function Page({ to, children }: { readonly to: string | undefined; readonly children: ReactNode }) {
  if (!to) return children;
  return (
    <a href={to} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
