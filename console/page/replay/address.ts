/** The address of a replay's page, below `/console`. */
export const addressOfReplay = (name: string): string => `/replay?${new URLSearchParams({ name })}`;
