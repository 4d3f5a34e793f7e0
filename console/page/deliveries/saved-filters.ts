/** A filter by the name that its reader has given it; its address is what it is. */
export interface SavedFilter {
  readonly name: string;
  /** of the list, as `/?outcome=failed` */
  readonly address: string;
}

/** The filters of a kept text. Another program may serve at this port: what is no filter is left out. */
export function savedFilters(text: string | null): readonly SavedFilter[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isSavedFilter) : [];
  } catch {
    return [];
  }
}

function isSavedFilter(value: unknown): value is SavedFilter {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('address' in value))
    return false;
  const { name, address } = value;
  return typeof name === 'string' && typeof address === 'string' && /^\/(\?|$)/.test(address);
}
