/** Text of others as a block of code, in which Markdown has no other meaning for any character. */
export const codeBlock = (text: string): string =>
  text
    .split(/\r\n?|\n/)
    .map((line) => `    ${line}`)
    .join('\n');
