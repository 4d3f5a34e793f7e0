/** Lines in a square of 16 by 16. */
const PATHS = {
  branch:
    'M4.5 5v6M11.5 5.5v1a3 3 0 0 1-3 3h-1a3 3 0 0 0-3 2M4.5 2a1.5 1.5 0 1 0 .01 0M4.5 11a1.5 1.5 0 1 0 .01 0M11.5 2.5a1.5 1.5 0 1 0 .01 0',
  check: 'm3.5 8.5 3 3 6-7',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  dot: 'M8 6.5a1.5 1.5 0 1 0 .01 0',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  look: 'M8 2a6 6 0 1 0 .01 0M8 2v12M8 5h4.5M8 8h6M8 11h4.5',
  ping: 'M8 7a1 1 0 1 0 .01 0M4.8 4.8a4.5 4.5 0 0 0 0 6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 2.7a7.5 7.5 0 0 0 0 10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6',
  push: 'M8 13.5v-9M4 8l4-4 4 4M3 2h10',
  remove: 'm4.5 4.5 7 7M11.5 4.5l-7 7',
  repository: 'M4 2h9v12H4.5A1.5 1.5 0 0 1 3 12.5v-9A1.5 1.5 0 0 1 4.5 2M3 12.5A1.5 1.5 0 0 1 4.5 11H13',
  request:
    'M4 5v6M4 2a1.5 1.5 0 1 0 .01 0M4 11a1.5 1.5 0 1 0 .01 0M12 11a1.5 1.5 0 1 0 .01 0M12 11V6a2 2 0 0 0-2-2H8M9.5 2 7.5 4l2 2',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.5 5a.5.5 0 1 0 .01 0',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words, which say the same to who does not see it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The picture of a kind of event. */
export function eventIcon(event: string, ref: string): IconName {
  if (event === 'ping') return 'ping';
  if (event.startsWith('pull_request') || /^refs\/pull\//.test(ref)) return 'request';
  if (event === 'create' || event === 'delete') return refIcon(ref);
  return event === 'push' ? 'push' : 'dot';
}

/** The picture of a kind of ref. */
export function refIcon(ref: string): IconName {
  if (ref.startsWith('refs/tags/')) return 'tag';
  return ref.startsWith('refs/pull/') ? 'request' : 'branch';
}
