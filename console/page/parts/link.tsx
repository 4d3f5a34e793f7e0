import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { go, hrefOf } from '../address.ts';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { readonly to: string };

/** A link inside of the console: the page stays, and a click with a key held does what the browser does. */
export function Link({ to, ...rest }: Props) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
