import { useEffect, useState } from 'react';
import { go } from '../address.ts';
import { wordsOf } from '../parts/outcome.tsx';
import { FIELDS, type Field, type Filter, OUTCOMES, placeOf } from './filter.ts';

const HINTS: Readonly<Record<Exclude<Field, 'outcome'>, string>> = {
  repository: 'owner/name',
  ref: 'main, or tag v1',
  commit: 'sha',
  event: 'push',
  rule: 'default',
};

// Long enough that a word is written, short enough to feel live.
const PAUSE_MS = 250;

export function Filters({ filter }: { readonly filter: Filter }) {
  return (
    <search>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        {FIELDS.map((field) =>
          field === 'outcome' ? (
            <OutcomeFilter key={field} filter={filter} />
          ) : (
            <TextFilter key={field} field={field} filter={filter} />
          ),
        )}
        <button type="button" disabled={placeOf(filter) === '/'} onClick={() => go('/', { replace: true })}>
          Clear
        </button>
      </form>
    </search>
  );
}

const set = (filter: Filter, field: Field, value: string): void =>
  go(placeOf({ ...filter, [field]: value }), { replace: true });

function TextFilter({
  field,
  filter,
}: {
  readonly field: Exclude<Field, 'outcome'>;
  readonly filter: Filter;
}) {
  const given = filter[field] ?? '';
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => set(filter, field, text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, given, filter, field]);
  return (
    <label>
      <span>{field}</span>
      <input
        type="search"
        spellCheck={false}
        autoCapitalize="off"
        placeholder={HINTS[field]}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
}

function OutcomeFilter({ filter }: { readonly filter: Filter }) {
  return (
    <label>
      <span>outcome</span>
      <select value={filter.outcome ?? ''} onChange={({ target }) => set(filter, 'outcome', target.value)}>
        {OUTCOMES.map((outcome) => (
          <option key={outcome} value={outcome}>
            {outcome === '' ? 'any' : wordsOf(outcome)}
          </option>
        ))}
        <option value="running">Running</option>
      </select>
    </label>
  );
}
