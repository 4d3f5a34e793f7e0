import { type FormEvent, useState } from 'react';
import { navigate } from '../address.ts';
import { Icon } from '../parts/icon.tsx';
import { ASKED, type Asked, addressOfFilter, CHOICES, type Filter, LABELS } from './filter.ts';
import { filterOfWords } from './search-words.ts';

/** One box that takes words, and what they and the other filters have set. */
export function SearchBox({ filter }: { readonly filter: Filter }) {
  const [text, setText] = useState('');
  const search = (event: FormEvent): void => {
    event.preventDefault();
    navigate(addressOfFilter({ ...filter, ...filterOfWords(text) }), { replace: true });
    setText('');
  };
  return (
    <form className="search" onSubmit={search}>
      <input
        type="search"
        aria-label="Search"
        spellCheck={false}
        autoCapitalize="off"
        placeholder="failed website main 1h, rule:default, !Published: Enter searches"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <ul className="chips" aria-label="Filters that are set">
        {ASKED.filter((field) => filter[field]).map((field) => (
          <Chip key={field} field={field} filter={filter} />
        ))}
      </ul>
    </form>
  );
}

function Chip({ field, filter }: { readonly field: Asked; readonly filter: Filter }) {
  const value = filter[field] ?? '';
  const words = (field in CHOICES && CHOICES[field]?.find(([choice]) => choice === value)?.[1]) || value;
  const name = LABELS[field] ?? field;
  return (
    <li>
      {name}: <bdi>{words}</bdi>
      <button
        type="button"
        className="small"
        aria-label={`Without ${words}`}
        title={`Without ${words}`}
        onClick={() => navigate(addressOfFilter({ ...filter, [field]: '' }), { replace: true })}
      >
        <Icon name="remove" />
      </button>
    </li>
  );
}
