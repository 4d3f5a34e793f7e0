import { type PointerEvent, type ReactNode, useRef } from 'react';
import { Handle } from './handle.tsx';
import { timeOf } from './histogram.tsx';
import { fractionInView, type Range, snap } from './time.ts';
import type { SpanPlan } from './use-plan.ts';

interface Props {
  readonly plan: SpanPlan;
  readonly parts: number;
  readonly children: ReactNode;
}

/**
 * The brush, which selects a part of the view: by dragging over the part, or by moving either end with pointer or keys.
 */
export function Brush({ plan, parts, children }: Props) {
  const { view, selection } = plan;
  const track = useRef<HTMLDivElement>(null);
  const drag = useDrag(track, plan, parts);
  const ends = [
    { end: 'from', label: 'Start of the span', least: view.from, most: selection.to },
    { end: 'to', label: 'End of the span', least: selection.from, most: view.to },
  ] as const;
  return (
    <div className="brush">
      <div className="brush-track" ref={track} {...drag}>
        {children}
        <SelectedPart plan={plan} />
        {ends.map(({ end, label, least, most }) => (
          <Handle
            key={end}
            end={end}
            label={label}
            range={{ from: least, to: most }}
            plan={plan}
            part={(view.to - view.from) / parts}
          />
        ))}
      </div>
      <Axis view={view} />
    </div>
  );
}

/**
 * The selected part. A transform positions the part and the handles, so that the browser need not lay the page out
 * again.
 */
function SelectedPart({ plan: { view, selection } }: { readonly plan: SpanPlan }) {
  const [from, to] = [fractionInView(selection.from, view), fractionInView(selection.to, view)];
  const transform = `translateX(${from * 100}cqw) scaleX(${to - from})`;
  return <div className="brush-chosen" style={{ transform }} />;
}

function Axis({ view }: { readonly view: Range }) {
  const middle = (view.from + view.to) / 2;
  return (
    <p className="axis" aria-hidden="true">
      {[view.from, middle, view.to].map((at) => (
        <span key={at}>{timeOf(at).slice(0, -3)}</span>
      ))}
    </p>
  );
}

/** A drag that begins at an end of the selection moves this end; any other drag makes a new selection. */
function useDrag(track: { readonly current: HTMLDivElement | null }, plan: SpanPlan, parts: number) {
  const fixed = useRef<number>(undefined);
  const timeAt = (clientX: number): number => {
    const { left, width } = track.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    const time = plan.view.from + ((clientX - left) / width) * (plan.view.to - plan.view.from);
    return snap(time, plan.view, parts);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const end = event.target instanceof HTMLElement ? event.target.dataset.end : undefined;
      const other = end === 'from' ? plan.selection.to : plan.selection.from;
      fixed.current = end === undefined ? timeAt(event.clientX) : other;
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>): void => {
      if (fixed.current === undefined) return;
      const at = timeAt(event.clientX);
      const [from, to] = [Math.min(at, fixed.current), Math.max(at, fixed.current)];
      if (from < to) plan.select({ from, to });
    },
    onPointerUp: (): void => {
      fixed.current = undefined;
    },
    onPointerCancel: (): void => {
      fixed.current = undefined;
    },
  };
}
