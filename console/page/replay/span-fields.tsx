import { useEffect, useState } from 'react';
import { timeIn, timeOfText, zoneOf } from '../parts/clock.ts';
import { useClock } from '../parts/use-clock.ts';
import type { Range } from './time.ts';
import type { SpanPlan } from './use-plan.ts';

/** The two ends of the selected span as fields, which follow the brush. */
export function SpanFields({ plan }: { readonly plan: SpanPlan }) {
  const { selection, select } = plan;
  return (
    <div className="span-fields">
      <TimeField label="From" at={selection.from} set={(from) => problemOf({ ...selection, from }, select)} />
      <TimeField label="To" at={selection.to} set={(to) => problemOf({ ...selection, to }, select)} />
    </div>
  );
}

/** Selects the span if it is valid. @returns the span's problem, `''` for a valid span */
function problemOf(range: Range, select: (range: Range) => void): string {
  if (range.from >= range.to) return 'The span would end before it begins.';
  select(range);
  return '';
}

interface Props {
  readonly label: string;
  readonly at: number;
  /** @returns the problem of the time, `''` for a valid one */
  readonly set: (time: number) => string;
}

function TimeField({ label, at, set }: Props) {
  const clock = useClock();
  const [text, setText] = useState(timeIn(clock, at));
  const [problem, setProblem] = useState('');
  // The field shows the end that the brush has moved. While a person types, the field keeps the typed text and moves
  // the end.
  useEffect(() => {
    setText(timeIn(clock, at));
    setProblem('');
  }, [at, clock]);
  const change = (value: string): void => {
    setText(value);
    const time = timeOfText(clock, value);
    setProblem(time === undefined ? `Write it as ${timeIn(clock, at)}.` : set(time));
  };
  const id = `span-${label.toLowerCase()}`;
  return (
    <label>
      <span>{label}</span>
      <input
        spellCheck={false}
        value={text}
        title={zoneOf(clock, at)}
        aria-invalid={problem !== ''}
        aria-describedby={id}
        onChange={({ target }) => change(target.value)}
      />
      <span id={id} className="field-problem" role="alert">
        {problem}
      </span>
    </label>
  );
}
