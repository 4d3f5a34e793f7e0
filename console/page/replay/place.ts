/** Where a replay is shown. */
export const placeOf = (name: string): string => `/replay?${new URLSearchParams({ name })}`;
