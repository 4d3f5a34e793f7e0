/** Whether a text is a regular expression, so that no one is found out to be none when it is used. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
