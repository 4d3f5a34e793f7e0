import type { ReactNode } from 'react';
import type { Failure } from '../api/client.ts';

export function Loading({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <p className="notice quiet" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

/** Why something is not shown, and how to go on. */
export function Problem({ failure, retry }: { readonly failure: Failure; readonly retry?: () => void }) {
  return (
    <section className="notice" role="alert">
      <h2>{failure.status === 401 ? 'This page needs its token' : 'That did not work'}</h2>
      <p>{failure.message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </section>
  );
}

/** One line about something that is shown and may be out of date. */
export function Stale({ failure }: { readonly failure: Failure | undefined }) {
  return (
    <p className="stale" role="status">
      {failure ? `Not up to date: ${failure.message}` : ''}
    </p>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="notice">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
