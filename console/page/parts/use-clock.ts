import { CLOCKS, type Clock, timeIn } from './clock.ts';
import { keepText, useKept } from './kept.ts';

const KEY = 'hookline-clock';

const clockOf = (text: string | null): Clock => CLOCKS.find((clock) => clock === text) ?? 'local';

/** The clock that the reader has chosen. All times of the page are in it. */
export const useClock = (): Clock => clockOf(useKept(KEY)[0]);

export const chosenClock = (): Clock => clockOf(localStorage.getItem(KEY));

export const chooseClock = (clock: Clock): void => keepText(KEY, clock === 'local' ? null : clock);

/** `2026-01-31 09:00:00`, by the clock that the reader has chosen. */
export const clockTime = (iso: string): string => timeIn(chosenClock(), Date.parse(iso));
