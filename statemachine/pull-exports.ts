/** What a build of the release before does not export: the machine may meet one after a rollback. */
export const LATER_EXPORTS = [
  'HOOKLINE_CONTENT',
  'HOOKLINE_REASON',
  'HOOKLINE_SUBJECT',
  'HOOKLINE_MESSAGE',
  'HOOKLINE_AUTHOR',
  'HOOKLINE_TIME',
  'HOOKLINE_FILES',
  'HOOKLINE_CHANGED',
] as const;

/** The pull build's exported variables, in this order: the build's buildspec lists them, the machine reads them. */
export const pullExports = [
  'HOOKLINE_OUTCOME',
  'HOOKLINE_TOKEN',
  'HOOKLINE_COMMIT',
  'HOOKLINE_TIP',
  'HOOKLINE_KEY',
  'HOOKLINE_VERSION_ID',
  'HOOKLINE_TIP_KEY',
  'HOOKLINE_BYTES',
  ...LATER_EXPORTS,
] as const;

export type PullExport = (typeof pullExports)[number];

/** The value of an empty variable: CodeBuild's page does not say that an empty variable is exported. */
export const NO_VALUE = '-';

/**
 * Text of outside as CodeBuild's page promises that it comes back: on one line of ASCII. What is no printable ASCII is
 * percent-encoded, as is the text that stands for none.
 */
export function encodedText(text: string): string {
  if (text === NO_VALUE) return '%2D';
  return text.replace(/\p{Cs}/gu, '\uFFFD').replace(/[^ -~]|%/gu, encodeURIComponent) || NO_VALUE;
}

/** The text of such a variable. */
export const decodedText = (value: string): string => (value === NO_VALUE ? '' : decodeURIComponent(value));
