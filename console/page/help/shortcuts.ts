import { useEffect } from 'react';
import { navigate } from '../address.ts';
import { moveFocus } from '../deliveries/list-focus.ts';
import { listAddress } from '../deliveries/list-position.ts';
import { nextLook } from '../parts/look.ts';

interface Shortcut {
  /** pressed one after the other */
  readonly keys: readonly string[];
  readonly words: string;
  readonly run: () => void;
}

const go = (key: string, words: string, to: string): Shortcut => ({
  keys: ['g', key],
  words,
  run: () => navigate(to),
});

/** What a key does wherever nobody is writing. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['/'], words: 'To the filters of the list', run: focusFilters },
  { keys: ['j'], words: 'To the next delivery of the list, as the arrow down', run: () => moveFocus(1) },
  { keys: ['k'], words: 'To the delivery before, as the arrow up', run: () => moveFocus(-1) },
  { keys: ['u'], words: 'Back to the list, with its filters', run: () => navigate(listAddress()) },
  go('d', 'Deliveries', '/'),
  go('o', 'Overview', '/overview'),
  go('p', 'Pipelines', '/pipelines'),
  go('r', 'Replay', '/replay'),
  go('l', 'Rules', '/rules'),
  { keys: ['t'], words: 'Light, dark, or as the system', run: nextLook },
];

function focusFilters(): void {
  document.querySelector<HTMLElement>('.filters input')?.focus();
}

// Whoever presses the second key later has meant something else.
const SEQUENCE_MS = 1500;

/** Obeys the shortcuts, and `?` by showing the help. @param on whether the reader wants the others */
export function useShortcuts(on: boolean, showHelp: () => void): void {
  useEffect(() => {
    let first = '';
    let at = 0;
    const press = (event: KeyboardEvent): void => {
      if (!isMeant(event)) return;
      const { key, timeStamp } = event;
      const pressed = first !== '' && timeStamp - at < SEQUENCE_MS ? [first, key] : [key];
      const found =
        key === '?' ? { run: showHelp } : on ? SHORTCUTS.find(({ keys }) => same(keys, pressed)) : undefined;
      [first, at] = [found || pressed.length > 1 ? '' : key, timeStamp];
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [on, showHelp]);
}

const same = (keys: readonly string[], pressed: readonly string[]): boolean =>
  keys.join(' ') === pressed.join(' ');

/** Not what is written into a field, what the browser obeys, or what a dialog is open for. */
function isMeant({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return false;
  return !(target instanceof HTMLElement && target.matches('input, textarea, select'));
}
