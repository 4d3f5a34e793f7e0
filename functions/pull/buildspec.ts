import { pullExports } from '../../statemachine/pull-exports.ts';

/**
 * The pull's CodeBuild buildspec. One command, so that the program's exit status, which names its error, is the
 * build's; the variables come from a file, so that nothing outside is ever parsed as shell. Works in any POSIX shell.
 */
export const buildspec = {
  version: '0.2',
  env: { 'exported-variables': [...pullExports] },
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
