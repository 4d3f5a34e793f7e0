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
  'HOOKLINE_CONTENT',
] as const;

export type PullExport = (typeof pullExports)[number];

/** The value of an empty variable: CodeBuild's page does not say that an empty variable is exported. */
export const NO_VALUE = '-';
