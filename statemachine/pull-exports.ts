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
] as const;

export type PullExport = (typeof pullExports)[number];

/** What a variable without a value has: CodeBuild does not say that it exports an empty one. */
export const NO_VALUE = '-';
