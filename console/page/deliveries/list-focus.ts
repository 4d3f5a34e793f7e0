/** Moves the focus by rows of the list that is shown. @param step 1 for the next one, -1 for the one before */
export function moveFocus(step: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a.cover')];
  const at = links.findIndex((link) => link.matches(':focus'));
  // The list keeps rows above those in sight: without a focus, the first one in sight is next.
  const next = at >= 0 ? links[at + step] : links.find(isInSight);
  next?.focus();
  return next !== undefined;
}

function isInSight(link: HTMLAnchorElement): boolean {
  const list = link.closest('.list')?.getBoundingClientRect();
  return !list || link.getBoundingClientRect().top >= list.top;
}
