import { pullExports } from '../statemachine/pull-exports.ts';

/**
 * The pull project's buildspec. The program's exit status is the build's, and what it found out is sourced from a
 * file that it has quoted; nothing of a delivery is ever part of a command.
 */
export function pullBuildspec(compute: 'lambda' | 'ec2'): Record<string, unknown> {
  return {
    version: '0.2',
    env: { shell: 'bash', 'exported-variables': [...pullExports] },
    phases: {
      // Lambda compute has one runtime, which is in its image's name.
      ...(compute === 'ec2' ? { install: { 'runtime-versions': { nodejs: 22 } } } : {}),
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
  };
}
