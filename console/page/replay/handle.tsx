import type { KeyboardEvent } from 'react';
import { percent, timeOf } from './histogram.tsx';
import type { Range } from './time.ts';
import type { Plan } from './use-plan.ts';

interface Props {
  readonly end: keyof Range;
  readonly label: string;
  /** where it can be moved to */
  readonly range: Range;
  readonly plan: Plan;
  /** one step, in ms */
  readonly part: number;
}

const PAGE = 10;

/** One end of the selection: arrow keys move it by a bar, the page keys by ten, Home and End as far as it goes. */
export function Handle({ end, label, range, plan, part }: Props) {
  const at = plan.selection[end];
  // The ends stay a bar apart.
  const [least, most] = end === 'from' ? [range.from, range.to - part] : [range.from + part, range.to];
  const move = (event: KeyboardEvent): void => {
    const wanted = wantedBy(event.key, { at, least, most, part });
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
      style={{ left: percent(at, plan.view) }}
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

function wantedBy(
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
      return at - PAGE * part;
    case 'PageUp':
      return at + PAGE * part;
    case 'Home':
      return least;
    case 'End':
      return most;
    default:
      return undefined;
  }
}
