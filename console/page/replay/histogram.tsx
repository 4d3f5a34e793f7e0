import { clockTime } from '../parts/use-clock.ts';
import type { Range } from './time.ts';

// The part of its share of the width that a bar fills, so that there are gaps between bars.
const BAR_SHARE = 0.82;
// A bar of one delivery among thousands must still be visible.
const LOWEST_BAR = 3;

interface Props {
  readonly counts: readonly number[];
  readonly view: Range;
  readonly selection: Range;
}

/** One bar for each part of the view. The bars inside of the selection are highlighted. */
export function Histogram({ counts, view, selection }: Props) {
  const most = Math.max(1, ...counts);
  const share = 100 / counts.length;
  return (
    <svg className="histogram" role="img" aria-label={inWords(counts, view)}>
      {counts.map((count, index) => {
        const middle = view.from + ((index + 0.5) / counts.length) * (view.to - view.from);
        const lit = middle >= selection.from && middle < selection.to;
        const height = count === 0 ? 0 : Math.max(LOWEST_BAR, (count / most) * 100);
        return (
          <rect
            key={index}
            className={lit ? 'lit' : undefined}
            x={`${(index + (1 - BAR_SHARE) / 2) * share}%`}
            width={`${share * BAR_SHARE}%`}
            y={`${100 - height}%`}
            height={`${height}%`}
          />
        );
      })}
      <title>{inWords(counts, view)}</title>
    </svg>
  );
}

function inWords(counts: readonly number[], view: Range): string {
  const most = Math.max(0, ...counts);
  const at = view.from + (counts.indexOf(most) / counts.length) * (view.to - view.from);
  const span = `from ${timeOf(view.from)} to ${timeOf(view.to)}`;
  if (most === 0) return `No delivery ${span}`;
  return `Deliveries ${span}, the most about ${timeOf(at)}: ${most}`;
}

export const timeOf = (at: number): string => clockTime(new Date(at).toISOString());
