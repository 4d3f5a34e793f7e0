import type { ReactNode } from 'react';
import type { Failure } from '../api/client.ts';

export function Loading({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <p className="notice quiet" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

/** A failed request in the place of its content, with a button that tries again. */
export function Problem({ failure, retry }: { readonly failure: Failure; readonly retry?: () => void }) {
  return (
    <section className="notice" role="alert">
      {failure.status === 401 ? <h1>This page needs its token</h1> : <h2>The request failed</h2>}
      <p>{failure.message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </section>
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
