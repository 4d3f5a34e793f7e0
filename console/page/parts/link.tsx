import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { hrefOf, navigate } from '../address.ts';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { readonly to: string };

/** A link inside of the console, which loads no new page. With a modifier key held, the browser handles the click. */
export function Link({ to, ...rest }: Props) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
