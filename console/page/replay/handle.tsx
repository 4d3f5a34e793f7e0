import type { KeyboardEvent } from 'react';
import { timeOf } from './histogram.tsx';
import { fractionInView, type Range } from './time.ts';
import type { SpanPlan } from './use-plan.ts';

interface Props {
  readonly end: keyof Range;
  readonly label: string;
  /** the times to which the handle can be moved */
  readonly range: Range;
  readonly plan: SpanPlan;
  /** the length of one bar, in ms */
  readonly part: number;
}

const BARS_PER_PAGE = 10;

/** One end of the selection. Arrow keys move the end by one bar, the page keys by ten, Home and End to its limits. */
export function Handle({ end, label, range, plan, part }: Props) {
  const at = plan.selection[end];
  // The two ends stay at least one bar apart.
  const [least, most] = end === 'from' ? [range.from, range.to - part] : [range.from + part, range.to];
  const move = (event: KeyboardEvent): void => {
    const wanted = timeAfterKey(event.key, { at, least, most, part });
    if (wanted === undefined) return;
    event.preventDefault();
    const moved = Math.round(Math.max(least, Math.min(most, wanted)));
    if (moved !== at) plan.select({ ...plan.selection, [end]: moved });
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={`brush-handle ${end}`}
      data-end={end}
      style={{ transform: `translateX(${fractionInView(at, plan.view) * 100}cqw)` }}
      aria-label={label}
      aria-valuemin={seconds(range.from)}
      aria-valuemax={seconds(range.to)}
      aria-valuenow={seconds(at)}
      aria-valuetext={timeOf(at)}
      onKeyDown={move}
    />
  );
}

const seconds = (ms: number): number => Math.round(ms / 1000);

function timeAfterKey(
  key: string,
  { at, least, most, part }: { at: number; least: number; most: number; part: number },
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return at - part;
    case 'ArrowRight':
    case 'ArrowUp':
      return at + part;
    case 'PageDown':
      return at - BARS_PER_PAGE * part;
    case 'PageUp':
      return at + BARS_PER_PAGE * part;
    case 'Home':
      return least;
    case 'End':
      return most;
    default:
      return undefined;
  }
}
