import { useEffect, useState } from 'react';
import { navigate } from '../address.ts';
import { ExportAll } from './export.tsx';
import { addressOfFilter, CHOICES, FIELDS, type Field, type Filter, hides, LABELS } from './filter.ts';
import { RedeliverAll } from './redeliver-all.tsx';
import { Saved } from './saved.tsx';
import { SearchBox } from './search-box.tsx';

const HINTS: Readonly<Partial<Record<Field, string>>> = {
  repository: 'owner/name',
  ref: 'main, or tag v1',
  commit: 'sha',
  event: 'push',
  rule: 'default',
};

// Within this pause most people finish a word, and the list still feels live.
const PAUSE_MS = 250;

interface FiltersProps {
  readonly filter: Filter;
  /** the filter as the server takes it */
  readonly query: Readonly<Record<string, string>>;
}

export function Filters({ filter, query }: FiltersProps) {
  // On a narrow page the fields would stand in the list's place.
  const [unfolded, unfold] = useState(false);
  const address = addressOfFilter(filter);
  const count = FIELDS.filter((field) => filter[field]).length;
  return (
    <search className="filters">
      <SearchBox filter={filter} />
      <form onSubmit={(event) => event.preventDefault()}>
        <div className={unfolded ? 'filter-fields' : 'filter-fields folded'}>
          {FIELDS.map((field) =>
            CHOICES[field] ? (
              <ChoiceFilter key={field} field={field} filter={filter} choices={CHOICES[field]} />
            ) : (
              <TextFilter key={field} field={field} filter={filter} />
            ),
          )}
        </div>
        <div className="filter-bar">
          <button
            type="button"
            className="fold"
            aria-expanded={unfolded}
            onClick={() => unfold(!unfolded)}
          >{`Filters${count > 0 ? ` (${count})` : ''}`}</button>
          <QuietSwitch filter={filter} />
          <button type="button" disabled={address === '/'} onClick={() => navigate('/', { replace: true })}>
            Clear
          </button>
          <Saved address={address} />
          <span className="space" />
          <ExportAll shown={query} />
          <RedeliverAll shown={query} />
        </div>
      </form>
    </search>
  );
}

function QuietSwitch({ filter }: { readonly filter: Filter }) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={!hides(filter)}
        // Who asks for an outcome is shown all that have it.
        disabled={Boolean(filter.outcome)}
        onChange={({ target }) => set(filter, 'all', target.checked ? 'true' : '')}
      />
      <span>ignored, pings and unmatched</span>
    </label>
  );
}

const set = (filter: Filter, field: Field | 'all', value: string): void =>
  navigate(addressOfFilter({ ...filter, [field]: value }), { replace: true });

interface Props {
  readonly field: Field;
  readonly filter: Filter;
}

function TextFilter({ field, filter }: Props) {
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

function ChoiceFilter({
  field,
  filter,
  choices,
}: Props & { readonly choices: readonly (readonly [value: string, words: string])[] }) {
  const value = filter[field] ?? '';
  // The address may hold a value that is no choice, such as two outcomes.
  const others = choices.some(([choice]) => choice === value) ? [] : [[value, value] as const];
  return (
    <label>
      <span>{LABELS[field] ?? field}</span>
      <select value={value} onChange={({ target }) => set(filter, field, target.value)}>
        {[...choices, ...others].map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
