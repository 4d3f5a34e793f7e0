import { isPem } from '../events/certificates.ts';

// A path is shorter, and the text of a key is longer.
const MAX_PATH = 100;

/** A wrong value of a setting as a message shows it: credentials and keys stay out of logs, also where they do not belong. */
export function shownSetting(path: readonly PropertyKey[], value: unknown): string {
  if (typeof value === 'string' && mayBeKey(path, value)) return lengthOf(value);
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'string' ? withoutCredential(each) : each,
  );
}

/** Whether it is a text that is nearly the door's key, or one of a file in place of the file's path. */
const mayBeKey = (path: readonly PropertyKey[], text: string): boolean =>
  path[0] === 'doorKey' ||
  isPem(text) ||
  (path.at(-1) === 'ca' && (text.length > MAX_PATH || /[\r\n]/.test(text)));

const lengthOf = (text: string): string => `a text of ${text.length} characters`;

function withoutCredential(text: string): string {
  if (isPem(text)) return lengthOf(text);
  return text
    .replace(/^([a-z+]+:\/\/)?.*@/is, (user, scheme = '') => (user.includes(':') ? `${scheme}***@` : user))
    .replace(/^([a-z+]+:\/\/[^?#]*[?#]).+/is, '$1***');
}
