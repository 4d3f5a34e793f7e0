import { useEffect, useState } from 'react';
import type { HistogramAnswer } from '../../api.ts';
import { pathOf } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { Brush } from './brush.tsx';
import { Histogram } from './histogram.tsx';
import { isoOf, PRESETS, type Range } from './time.ts';
import type { SpanPlan } from './use-plan.ts';

const PARTS = 60;
// The histogram of a view is requested when the view has not changed for this time.
const REST_MS = 250;

/** The histogram of the deliveries on record, and the brush that selects a part of the span. */
export function Timeline({ plan, since }: { readonly plan: SpanPlan; readonly since: number }) {
  const view = useRested(plan.view);
  const path = pathOf('replays/histogram', { ...isoOf(view), parts: PARTS });
  const { value, failure, refresh } = useLive<HistogramAnswer>(path, 0);
  return (
    <>
      <div className="presets">
        {PRESETS.map((preset) => (
          <button
            key={preset.name}
            type="button"
            aria-pressed={plan.preset === preset}
            onClick={() => plan.show(preset, since)}
          >
            {preset.name}
          </button>
        ))}
      </div>
      <Brush plan={plan} parts={PARTS}>
        <Histogram counts={value?.counts ?? []} view={plan.view} selection={plan.selection} />
      </Brush>
      <p className="hint counted" role="status">
        {failure ? (
          <>
            Not counted: {failure.message}{' '}
            <button type="button" onClick={refresh}>
              Try again
            </button>
          </>
        ) : (
          value && total(value)
        )}
      </p>
      <p className="hint">
        An archive cannot be read, so the bars count the deliveries on record. Events that no rule took, and
        rejected ones, are in the archive too and not in the bars.
      </p>
    </>
  );
}

function total({ counts, more }: HistogramAnswer): string {
  const count = counts.reduce((sum, part) => sum + part, 0);
  if (count === 0) return 'No delivery on record in this time.';
  const number = count.toLocaleString('en');
  const all = `${more ? `More than ${number}` : number} ${count === 1 ? 'delivery' : 'deliveries'}`;
  return `${all} on record in this time; the tallest bar stands for ${Math.max(...counts).toLocaleString('en')}.`;
}

function useRested(range: Range): Range {
  const [rested, setRested] = useState(range);
  useEffect(() => {
    const timer = setTimeout(() => setRested(range), REST_MS);
    return () => clearTimeout(timer);
  }, [range]);
  return rested;
}
