import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

interface Props {
  /** why the delivery would end as before */
  readonly reason: string;
  readonly close: () => void;
  readonly redeliver: () => void;
}

/** Asks whether a delivery is to run again that would end as before. */
export function RedeliverInVain({ reason, close, redeliver }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return createPortal(
    <dialog ref={dialog} className="ask short" aria-labelledby="redeliver-in-vain" onClose={close}>
      <h2 id="redeliver-in-vain">It would end as before</h2>
      <div className="ask-body">
        <p>Nothing was started: {reason}.</p>
      </div>
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button type="button" onClick={redeliver}>
          Redeliver all the same
        </button>
      </div>
    </dialog>,
    document.body,
  );
}
