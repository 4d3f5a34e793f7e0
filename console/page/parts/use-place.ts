import { useEffect, useRef } from 'react';
import { scrollTopHere } from '../address.ts';

/**
 * Begins each page at its top, and shows a page again, after the browser's Back, where it was left. Where what had the focus is
 * gone with the page before, the focus is at the content.
 * @param place another one for each page
 */
export function usePlace(place: string): void {
  const last = useRef(place);
  useEffect(() => {
    if (last.current === place) return;
    last.current = place;
    const main = document.getElementById('content');
    if (!main) return;
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
    return scrollTo(main, scrollTopHere());
  }, [place]);
}

const LOADED_MS = 5000;
// Whoever scrolls meanwhile stays there.
const BY_HAND = ['wheel', 'touchstart', 'keydown', 'mousedown'] as const;

/** Scrolls as soon as the page is high enough. @returns what gives it up */
function scrollTo(main: HTMLElement, top: number): () => void {
  main.scrollTop = top;
  if (main.scrollTop >= top) return () => undefined;
  const observer = new MutationObserver(() => {
    main.scrollTop = top;
    if (main.scrollTop >= top) stop();
  });
  // A page that has become shorter stays where it is.
  const timer = setTimeout(() => stop(), LOADED_MS);
  const stop = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    for (const event of BY_HAND) removeEventListener(event, stop);
  };
  for (const event of BY_HAND) addEventListener(event, stop);
  observer.observe(main, { childList: true, subtree: true, attributes: true });
  return stop;
}
