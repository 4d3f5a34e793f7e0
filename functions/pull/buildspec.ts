/** The build's exported variables, in this order: the machine reads them as `$.pull`. */
export const exportedNames = [
  'HOOKLINE_OUTCOME',
  'HOOKLINE_TOKEN',
  'HOOKLINE_COMMIT',
  'HOOKLINE_TIP',
  'HOOKLINE_KEY',
  'HOOKLINE_VERSION_ID',
  'HOOKLINE_TIP_KEY',
  'HOOKLINE_BYTES',
] as const;

/**
 * The pull's CodeBuild buildspec. One command, so that the program's exit status, which names its error, is the
 * build's; the variables come from a file, so that nothing outside is ever parsed as shell. Works in any POSIX shell.
 */
export const buildspec = {
  version: '0.2',
  env: { 'exported-variables': [...exportedNames] },
  phases: {
    build: {
      commands: [
        [
          'HOOKLINE_EXPORTS="$(mktemp)"',
          'export HOOKLINE_EXPORTS',
          'node "$CODEBUILD_SRC_DIR/index.mjs"',
          '. "$HOOKLINE_EXPORTS"',
          'rm -f "$HOOKLINE_EXPORTS"',
        ].join(' && '),
      ],
    },
  },
} as const;
