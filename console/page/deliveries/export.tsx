import { useRef } from 'react';
import { createPortal } from 'react-dom';
import { size } from '../parts/format.ts';
import { type Export, useExport } from './use-export.ts';

interface Props {
  /** the query of the list, whose deliveries are written */
  readonly shown: Readonly<Record<string, string>>;
}

/** A button that writes all that the list shows into a file. */
export function ExportAll({ shown }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { state, begin, stop } = useExport(shown);
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Export…
      </button>
      {createPortal(
        <dialog ref={dialog} className="ask short" aria-labelledby="export" onClose={stop}>
          <h2 id="export">Export</h2>
          <div className="ask-body">
            <p>All that the filters show, also what is not loaded yet, with every member of each delivery.</p>
            <p role="status">{inWords(state)}</p>
          </div>
          <div className="actions">
            <button type="button" onClick={() => dialog.current?.close()}>
              {state.running ? 'Stop' : 'Close'}
            </button>
            <button type="button" className="main" disabled={state.running} onClick={() => begin('jsonl')}>
              JSON lines
            </button>
            <button type="button" className="main" disabled={state.running} onClick={() => begin('csv')}>
              CSV
            </button>
          </div>
        </dialog>,
        document.body,
      )}
    </>
  );
}

function inWords({ bytes, running, done, failure }: Export): string {
  if (failure !== undefined) return failure;
  if (running) return `Reading: ${size(bytes)}`;
  return done ? `${size(bytes)} are in the browser's downloads.` : '';
}
