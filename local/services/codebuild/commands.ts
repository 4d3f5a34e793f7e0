import type { Buildspec, Phase } from './buildspec.ts';
import type { Phases } from './phases.ts';
import type { Shell } from './shell.ts';

const ORDER = ['install', 'pre_build', 'build', 'post_build'] as const;

const WITHOUT_COMMANDS: Phase = { commands: [], finally: [] };

export interface CommandsOptions {
  readonly spec: Buildspec;
  readonly shell: Shell;
  readonly phases: Phases;
  /** writes CodeBuild's own line into the log */
  readonly say: (text: string) => void;
  /** whether the build is being stopped: no command begins any more */
  readonly ending: () => boolean;
}

/** The result of the commands; after `aborted` no other step of the build runs. */
export type CommandsOutcome = 'succeeded' | 'failed' | 'aborted';

/**
 * Runs the commands of every phase. A failed command ends its phase, of which only `finally` is still done; a failed
 * phase's `on-failure` says whether the next phase begins, and without it `post_build` alone begins, after `build`.
 */
export async function runCommands(options: CommandsOptions): Promise<CommandsOutcome> {
  const { spec, shell, phases, say, ending } = options;
  let outcome: CommandsOutcome = 'succeeded';
  for (const name of ORDER) {
    if (ending()) return 'aborted';
    const phase = spec.phases[name] ?? WITHOUT_COMMANDS;
    const phaseType = name.toUpperCase();
    await phases.begin(phaseType);
    say(`Entering phase ${phaseType}`);
    const failure = await runPhase(options, phase);
    if (ending()) return 'aborted';
    say(`Phase complete: ${phaseType} State: ${failure ? 'FAILED' : 'SUCCEEDED'}`);
    if (!failure) continue;
    say(`Phase context status code: COMMAND_EXECUTION_ERROR Message: ${failure}`);
    phases.end('FAILED', { statusCode: 'COMMAND_EXECUTION_ERROR', message: failure });
    if (!continuesAfterFailure(name, phase)) return 'aborted';
    outcome = 'failed';
    await shell.run('export CODEBUILD_BUILD_SUCCEEDING=0');
  }
  return outcome;
}

function continuesAfterFailure(name: string, { 'on-failure': onFailure }: Phase): boolean {
  return onFailure === 'CONTINUE' || (onFailure === undefined && (name === 'build' || name === 'post_build'));
}

/** @returns why it failed */
async function runPhase(options: CommandsOptions, phase: Phase): Promise<string | undefined> {
  const failure = await runAll(options, phase.commands);
  const lastFailure = await runAll(options, phase.finally);
  return failure ?? lastFailure;
}

async function runAll(
  { shell, say, ending }: CommandsOptions,
  commands: readonly string[],
): Promise<string | undefined> {
  for (const command of commands) {
    if (ending()) return undefined;
    say(`Running command ${command}`);
    const status = await shell.run(command);
    if (ending()) return undefined;
    if (status === 0) continue;
    say(`Command did not exit successfully ${command} exit status ${status}`);
    return `Error while executing command: ${command}. Reason: exit status ${status}`;
  }
  return undefined;
}
