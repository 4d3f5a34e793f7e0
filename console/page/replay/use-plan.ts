import { useState } from 'react';
import { type Preset, type Range, rangeOf, viewIncluding } from './time.ts';

/** The selected span, and the span that the histogram shows. */
export interface SpanPlan {
  readonly view: Range;
  readonly selection: Range;
  /** the preset that made both spans; undefined after the reader has selected another span */
  readonly preset: Preset | undefined;
  readonly show: (preset: Preset, since: number) => void;
  readonly select: (selection: Range) => void;
}

/** @param asked the span to begin with, in place of the whole range of the preset */
export function useSpanPlan(range: Range, first: Preset, asked?: Range): SpanPlan {
  const [{ view, selection, preset }, set] = useState({
    view: asked ? viewIncluding(range, asked) : range,
    selection: asked ?? range,
    preset: asked ? undefined : (first as Preset | undefined),
  });
  return {
    view,
    selection,
    preset,
    show: (chosen, since) => {
      const wanted = rangeOf(chosen, since);
      set({ view: wanted, selection: wanted, preset: chosen });
    },
    select: (wanted) =>
      set((previous) => ({
        view: viewIncluding(previous.view, wanted),
        selection: wanted,
        preset: undefined,
      })),
  };
}
