import { useLayoutEffect, useRef, useState } from 'react';
import type { DeliveryAnswer } from '../../api.ts';
import { messageParts } from '../parts/format.ts';
import { NextStep } from '../parts/next-step.tsx';

type Told = Pick<DeliveryAnswer, 'row' | 'next'>;

/**
 * What was wrong, whole, and the next step. A problem that comes up while somebody reads lies over what stands below until
 * the reader puts it in its place, so that nothing moves by itself.
 */
export function ProblemText({ row, next }: Told) {
  const text = JSON.stringify([row.outcome === '' ? '' : row.message, next]);
  const isThere = text !== NOTHING;
  const [placed, place] = useState(text);
  const isInPlace = placed === text;
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  useLayoutEffect(() => {
    if (isInPlace) height.current = Math.max(height.current, box.current?.offsetHeight ?? 0);
  });
  return (
    <div ref={box} className="problem-place" style={{ minHeight: height.current }}>
      {isThere && (
        // What lies over the page is replaced, as words that come later would move the others.
        <div
          key={isInPlace ? '' : text}
          className={isInPlace ? 'delivery-error' : 'delivery-error over'}
          role={isInPlace ? undefined : 'alert'}
        >
          <Sentence row={row} />
          {next && <NextStep next={next} />}
          {!isInPlace && (
            <button type="button" onClick={() => place(text)}>
              Make room for this
            </button>
          )}
        </div>
      )}
    </div>
  );
}

const NOTHING = JSON.stringify(['', undefined]);

function Sentence({ row: { error, message } }: Pick<Told, 'row'>) {
  if (message === '') return null;
  const { sentence, details } = messageParts(message);
  return (
    <>
      <p className="error-lines">{[error, sentence].filter((part) => part !== '').join(': ')}</p>
      {details !== '' && (
        <details className="error-details">
          <summary>Where it was seen</summary>
          <pre>{details}</pre>
        </details>
      )}
    </>
  );
}
