import { useEffect, useState } from 'react';
import { localText, localTime, type Range } from './time.ts';
import type { Plan } from './use-plan.ts';

/** The two ends of the span as fields, in step with the brush. */
export function SpanFields({ plan }: { readonly plan: Plan }) {
  const { selection, select } = plan;
  return (
    <div className="span-fields">
      <TimeField label="From" at={selection.from} set={(from) => problemOf({ ...selection, from }, select)} />
      <TimeField label="To" at={selection.to} set={(to) => problemOf({ ...selection, to }, select)} />
    </div>
  );
}

/** Takes the span unless it is wrong. @returns what is wrong with it */
function problemOf(range: Range, select: (range: Range) => void): string {
  if (range.from >= range.to) return 'The span would end before it begins.';
  select(range);
  return '';
}

interface Props {
  readonly label: string;
  readonly at: number;
  /** @returns what is wrong with it */
  readonly set: (time: number) => string;
}

function TimeField({ label, at, set }: Props) {
  const [text, setText] = useState(localText(at));
  const [problem, setProblem] = useState('');
  // What moves the end otherwise is written here; what is being written here moves it.
  useEffect(() => {
    setText(localText(at));
    setProblem('');
  }, [at]);
  const change = (value: string): void => {
    setText(value);
    const time = localTime(value);
    setProblem(time === undefined ? 'Write a date and a time.' : set(time));
  };
  const id = `span-${label.toLowerCase()}`;
  return (
    <label>
      <span>{label}</span>
      <input
        type="datetime-local"
        step={1}
        value={text}
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
