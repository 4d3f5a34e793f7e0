import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { hrefOf, navigate } from '../address.ts';
import { withToken } from '../api/token.ts';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { readonly to: string };

/**
 * A link inside of the console, which loads no new page. With a modifier key held, or by the middle button, it opens a tab
 * of its own, which gets the token with it.
 */
export function Link({ to, ...rest }: Props) {
  const follow = (event: MouseEvent): void => {
    event.preventDefault();
    if (event.metaKey || event.ctrlKey || event.shiftKey) openTab(to);
    else navigate(to);
  };
  const openBeside = (event: MouseEvent): void => {
    if (event.button !== MIDDLE) return;
    event.preventDefault();
    openTab(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} onAuxClick={openBeside} />;
}

const MIDDLE = 1;

const openTab = (to: string): void => void window.open(withToken(hrefOf(to)), '_blank', 'noopener');
