import { useEffect, useRef, useState } from 'react';

/**
 * A problem's text of any length. Two lines are always kept free for the text, so that nothing moves when it appears.
 */
export function ProblemText({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  const [cut, setCut] = useState(false);
  const lines = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const { current } = lines;
    if (!current) return;
    const observer = new ResizeObserver(() => setCut(current.scrollHeight > current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="delivery-error">
      <p ref={lines} className={whole ? 'error-lines whole' : 'error-lines'}>
        {text}
      </p>
      {(cut || whole) && (
        <button type="button" className="error-more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  );
}
