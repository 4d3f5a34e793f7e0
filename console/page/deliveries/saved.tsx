import { type FormEvent, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import type { SavedFilter } from './saved-filters.ts';
import { useSavedFilters } from './use-saved-filters.ts';

/** The saved filters, each a click away. @param address of the list as it is */
export function Saved({ address }: { readonly address: string }) {
  const { filters, save, remove } = useSavedFilters();
  return (
    <>
      {filters.map((filter) => (
        <span key={filter.name} className="saved">
          <Link to={filter.address} aria-current={filter.address === address ? 'true' : undefined}>
            {filter.name}
          </Link>
          <button
            type="button"
            className="small"
            title={`Forget the filter ${filter.name}`}
            aria-label={`Forget the filter ${filter.name}`}
            onClick={() => remove(filter.name)}
          >
            <Icon name="remove" />
          </button>
        </span>
      ))}
      <SaveButton address={address} save={save} />
    </>
  );
}

interface SaveProps {
  readonly address: string;
  readonly save: (filter: SavedFilter) => void;
}

function SaveButton({ address, save }: SaveProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState('');
  const close = (): void => dialog.current?.close();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save({ name: name.trim(), address });
    close();
  };
  const open = (): void => {
    setName(wordsOfAddress(address));
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" disabled={address === '/'} onClick={open}>
        Save…
      </button>
      {createPortal(
        <dialog ref={dialog} className="ask short" aria-labelledby="save-filter">
          <h2 id="save-filter">Save the filter</h2>
          <form className="ask-body" onSubmit={submit}>
            <label className="whole">
              <span>Name</span>
              <input value={name} maxLength={60} onChange={({ target }) => setName(target.value)} />
            </label>
            <p className="hint">This browser keeps it. To hand it on, send the page's address.</p>
            <div className="actions">
              <button type="button" onClick={close}>
                Cancel
              </button>
              <button type="submit" className="main" disabled={name.trim() === ''}>
                Save
              </button>
            </div>
          </form>
        </dialog>,
        document.body,
      )}
    </>
  );
}

/** `failed acme/site`, of the filter's values. */
const wordsOfAddress = (address: string): string =>
  [...new URLSearchParams(address.slice(2))].map(([key, value]) => (key === 'all' ? key : value)).join(' ');
