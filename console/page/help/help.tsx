import { useCallback, useRef } from 'react';
import { zoneOf } from '../parts/clock.ts';
import { Icon } from '../parts/icon.tsx';
import { useKept } from '../parts/kept.ts';
import { nextLook, useLook } from '../parts/look.ts';
import { chooseClock, useClock } from '../parts/use-clock.ts';
import { HowItWorks } from './how-it-works.tsx';
import { Marks } from './marks.tsx';
import { Settings } from './settings.tsx';
import { ShortcutKeys } from './shortcut-keys.tsx';
import { useShortcuts } from './shortcuts.ts';

/** The buttons at the end of the top: the look, and the sheet of what helps. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [seen, keepSeen] = useKept('hookline-help');
  const [off, keepOff] = useKept('hookline-shortcuts');
  const show = useCallback(() => {
    dialog.current?.showModal();
    keepSeen('seen');
  }, [keepSeen]);
  useShortcuts(off === null, show);
  return (
    <div className="top-buttons">
      <ClockButton />
      <LookButton />
      <button type="button" className="small" onClick={show} title="Help and shortcuts (?)">
        <span aria-hidden="true">?</span>
        <span className="unseen">Help and shortcuts</span>
        {seen === null && <span className="new" aria-hidden="true" />}
      </button>
      <dialog ref={dialog} className="ask help" aria-labelledby="help">
        <div className="help-head">
          <h2 id="help">How Hookline works</h2>
          <button
            type="button"
            className="small"
            title="Close"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="remove" />
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
        <div className="ask-body" tabIndex={0}>
          <HowItWorks />
          <Marks />
          <ShortcutKeys on={off === null} turn={(on) => keepOff(on ? null : 'off')} />
          <Settings />
        </div>
      </dialog>
    </div>
  );
}

/** The zone of all times, which a click changes. */
function ClockButton() {
  const clock = useClock();
  const words = `Times are in ${zoneOf(clock, Date.now())}: change the clock`;
  return (
    <button
      type="button"
      className="clock"
      onClick={() => chooseClock(clock === 'UTC' ? 'local' : 'UTC')}
      title={words}
      aria-label={words}
    >
      {zoneOf(clock, Date.now())}
    </button>
  );
}

function LookButton() {
  const words = `Look: ${useLook()}. Change it`;
  return (
    <button type="button" className="small look" onClick={nextLook} title={words} aria-label={words}>
      <Icon name="look" />
    </button>
  );
}
