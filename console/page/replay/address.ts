/** The address of a replay's page, below `/console`. */
export const addressOfReplay = (name: string): string => `/replay?${new URLSearchParams({ name })}`;

/** What a link asks of the form of a new replay: a span of time, and the rule that gets its events. */
export interface AskedReplay {
  /** ISO: from inclusive, to exclusive */
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

/** The address of the form of a new replay, filled in, and about to be confirmed. */
export const addressOfNewReplay = (asked: AskedReplay): string =>
  `/replay?${new URLSearchParams({ ...asked })}`;

/** What the address of the form asks for; undefined where it asks for nothing, or for no span. */
export function askedReplay(address: URLSearchParams): AskedReplay | undefined {
  const [from = '', to = '', rule = ''] = ['from', 'to', 'rule'].map((name) => address.get(name) ?? '');
  return Date.parse(from) < Date.parse(to) && rule !== '' ? { from, to, rule } : undefined;
}
