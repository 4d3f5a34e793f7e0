/** Fails with each of the errors in turn, and then succeeds. */
export function failing(...errors: unknown[]): { attempt: () => Promise<string>; tries: () => number } {
  let tries = 0;
  const attempt = async (): Promise<string> => {
    const error = errors[tries++];
    if (error) throw error;
    return 'done';
  };
  return { attempt, tries: () => tries };
}
