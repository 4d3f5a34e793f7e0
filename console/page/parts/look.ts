import { keepText, subscribe, useKept } from './kept.ts';

const KEY = 'hookline-look';

/** `system` is whatever the browser is set to. */
export const LOOKS = ['system', 'light', 'dark'] as const;
export type Look = (typeof LOOKS)[number];

const lookOf = (text: string | null): Look => LOOKS.find((look) => look === text) ?? 'system';

/** The look that the reader has chosen. */
export const useLook = (): Look => lookOf(useKept(KEY)[0]);

export const chooseLook = (look: Look): void => keepText(KEY, look === 'system' ? null : look);

/** Chooses the look after the present one. */
export function nextLook(): void {
  const at = LOOKS.indexOf(lookOf(localStorage.getItem(KEY)));
  chooseLook(LOOKS[(at + 1) % LOOKS.length] ?? 'system');
}

/** Shows the page in the chosen look, now and whenever a tab chooses another. */
export function followLook(): void {
  const show = (): void => {
    document.documentElement.dataset.look = lookOf(localStorage.getItem(KEY));
  };
  show();
  subscribe(show);
}
