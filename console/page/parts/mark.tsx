import type { Tone } from './outcome-words.ts';

/** A shape for each tone, so that no meaning is told by colour alone. */
const SHAPES: Readonly<Record<Tone, string>> = {
  // A tick in a disc.
  good: 'M8 1.5a6.5 6.5 0 1 0 .01 0M5 8.3l2.1 2.1L11 6',
  // A cross in an octagon.
  bad: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  // A stroke in a triangle.
  warn: 'M8 1.8 15 14H1zM8 6v4M8 11.8v.2',
  // Three quarters of a ring.
  busy: 'M8 2a6 6 0 1 1-6 6',
  // A stroke in a square.
  plain: 'M2.5 2.5h11v11h-11zM5.5 8h5',
};

/** The shape of a tone, beside the words that say the same. */
export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`mark ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[tone]} />
    </svg>
  );
}
