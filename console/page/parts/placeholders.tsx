import type { ReactNode } from 'react';
import type { Failure } from '../api/client.ts';

export function Loading({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <p className="notice quiet" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </p>
  );
}

interface ProblemProps {
  readonly failure: Failure;
  readonly retry?: () => void;
  /** where to go from there */
  readonly children?: ReactNode;
}

/** A failed request in the place of its content, with a button that tries again. */
export function Problem({ failure, retry, children }: ProblemProps) {
  // What leads elsewhere is the whole page.
  const Heading = failure.status === 401 || children ? 'h1' : 'h2';
  return (
    <section className="notice" role="alert">
      <Heading>{failure.status === 401 ? 'This page needs its token' : 'The request failed'}</Heading>
      <p>{failure.message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
      {children && <p>{children}</p>}
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
