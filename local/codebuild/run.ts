import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from '../cloud.ts';
import { uploadArtifact } from './artifact.ts';
import type { Build, Status, StoredBuild } from './build.ts';
import { seconds } from './build.ts';
import { type Buildspec, type Phase, parseBuildspec } from './buildspec.ts';
import { environmentOf } from './environment.ts';
import { BuildLog } from './log.ts';
import { Phases } from './phases.ts';
import { exportedBy, Shell, stamp } from './shell.ts';
import { fetchSource } from './source.ts';

/** What a run changes of its build, on disk when it answers. */
export type Save = (change: Partial<Build>, process?: StoredBuild['process']) => Promise<void>;

class PhaseError extends Error {
  constructor(
    readonly statusCode: string,
    message: string,
  ) {
    super(message);
  }
}

const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;

/** One build at work, from its source to its last phase. */
export class Run {
  private shell: Shell | undefined;
  private ending: Status | undefined;
  private readonly log: BuildLog;
  private readonly phases: Phases;
  private exportedNames: readonly string[] = [];

  constructor(
    private readonly cloud: Cloud,
    private readonly stored: StoredBuild,
    private readonly folder: string,
    private readonly save: Save,
  ) {
    this.log = new BuildLog(cloud, stored.build);
    this.phases = new Phases((phases, currentPhase) => save({ phases, currentPhase }));
  }

  /** Ends what the build has started. @param status what the build then is; undefined to leave it for the next start */
  async stop(status: Status | undefined): Promise<void> {
    this.ending ??= status ?? 'IN_PROGRESS';
    await this.shell?.kill();
  }

  async run(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    for (const name of ['source', 'home', 'shell']) await mkdir(join(this.folder, name), { recursive: true });
    const { timeoutInMinutes } = this.stored.build;
    const timer = setTimeout(() => void this.stop('TIMED_OUT'), timeoutInMinutes * 60_000);
    try {
      const result = await this.result();
      // The process ends: what has been done so far is done again at the next start.
      if (this.ending !== 'IN_PROGRESS') await this.finish(this.ending ?? result);
    } finally {
      clearTimeout(timer);
      await this.log.end();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  private async finish(status: Status): Promise<void> {
    if (this.ending) this.phases.end(status);
    else await this.phases.begin('FINALIZING');
    this.say(`Phase complete: build ${status}`);
    const exported = await exportedBy(join(this.folder, 'shell'));
    await this.log.end();
    await this.save({
      buildStatus: status,
      buildComplete: true,
      endTime: seconds(),
      currentPhase: 'COMPLETED',
      phases: this.phases.complete(),
      exportedEnvironmentVariables: this.exportedNames.flatMap((name) => {
        const value = exported.get(name);
        return value === undefined ? [] : [{ name, value }];
      }),
    });
  }

  private async result(): Promise<Status> {
    try {
      return (await this.steps()) ? 'SUCCEEDED' : 'FAILED';
    } catch (error) {
      const { statusCode, message } =
        error instanceof PhaseError
          ? error
          : { statusCode: 'CLIENT_ERROR', message: error instanceof Error ? error.message : String(error) };
      this.say(`${statusCode}: ${message}`);
      this.phases.end('FAILED', { statusCode, message });
      return 'FAILED';
    }
  }

  private say(text: string): void {
    this.log.line(`[Container] ${stamp()} ${text}`);
  }

  private async steps(): Promise<boolean> {
    const { build, output } = this.stored;
    const source = join(this.folder, 'source');
    await this.phases.begin('PROVISIONING');
    await this.phases.begin('DOWNLOAD_SOURCE');
    const resolvedSourceVersion = await fetchSource(this.cloud, build, source);
    if (resolvedSourceVersion) await this.save({ resolvedSourceVersion });
    const spec = await this.buildspec(source);
    this.exportedNames = spec.env['exported-variables'];
    const env = await environmentOf(this.cloud, { ...build, resolvedSourceVersion }, spec, {
      source,
      home: join(this.folder, 'home'),
    });
    const succeeding = await this.commands(spec, env, source);
    await this.phases.begin('UPLOAD_ARTIFACTS');
    if (succeeding && spec.artifacts && output) await this.upload(spec.artifacts, source, output);
    return succeeding;
  }

  private async upload(
    artifacts: NonNullable<Buildspec['artifacts']>,
    source: string,
    output: NonNullable<StoredBuild['output']>,
  ): Promise<void> {
    const spool = join(this.folder, 'artifact.zip');
    await this.save({
      artifacts:
        (await uploadArtifact(this.cloud, this.stored.build, { artifacts, source, spool, output })) ?? {},
    });
  }

  /** Given with the build or the project, or a file of the source. */
  private async buildspec(source: string): Promise<Buildspec> {
    const given = this.stored.build.source.buildspec ?? 'buildspec.yml';
    const inline = /[\n{]/.test(given);
    try {
      return parseBuildspec(inline ? given : await readFile(join(source, given), 'utf8'));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new PhaseError('YAML_FILE_ERROR', inline ? message : `${given}: ${message}`);
    }
  }

  /** @returns whether everything went well */
  private async commands(spec: Buildspec, env: Record<string, string>, source: string): Promise<boolean> {
    let succeeding = true;
    for (const name of PHASES) {
      if (this.ending) return false;
      const phase = spec.phases[name];
      await this.phases.begin(name.toUpperCase());
      const failure = await this.phase(
        phase,
        { ...env, CODEBUILD_BUILD_SUCCEEDING: succeeding ? '1' : '0' },
        spec,
        source,
      );
      if (!failure || this.ending) continue;
      this.say(failure);
      this.phases.end('FAILED', { statusCode: 'COMMAND_EXECUTION_ERROR', message: failure });
      succeeding = false;
      const goesOn =
        phase['on-failure'] === 'CONTINUE' || (name === 'build' && phase['on-failure'] !== 'ABORT');
      if (!goesOn) return false;
    }
    return succeeding;
  }

  /** @returns why it failed */
  private async phase(
    { commands, finally: last }: Phase,
    env: Record<string, string>,
    spec: Buildspec,
    source: string,
  ): Promise<string | undefined> {
    const failure = await this.shellRun(commands, env, spec, source);
    const lastFailure = await this.shellRun(last, env, spec, source);
    return failure ?? lastFailure;
  }

  private async shellRun(
    commands: readonly string[],
    env: Record<string, string>,
    { env: { shell } }: Buildspec,
    cwd: string,
  ): Promise<string | undefined> {
    if (commands.length === 0 || this.ending) return undefined;
    const folder = join(this.folder, 'shell');
    this.shell = await Shell.start({ shell, commands, cwd, folder, env }, (text) => this.log.line(text));
    await this.save({}, { pid: this.shell.pid, since: this.shell.since });
    if (this.ending) await this.shell.kill();
    const { status, command = '' } = await this.shell.wait();
    this.shell = undefined;
    return status === 0
      ? undefined
      : `Error while executing command: ${command}. Reason: exit status ${status}`;
  }
}
