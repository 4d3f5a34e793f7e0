import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { uploadArtifact } from './artifact.ts';
import { type Build, type BuildPhase, type Status, type StoredBuild, seconds } from './build.ts';
import { blameFullDisk, makeBuildFolder } from './build-folder.ts';
import { type Buildspec, parseBuildspec } from './buildspec.ts';
import { runCommands } from './commands.ts';
import { environmentOf } from './environment.ts';
import { type BuildLog, buildLog } from './log.ts';
import { Phases } from './phases.ts';
import { openShell, type Shell } from './shell.ts';
import { fetchSource } from './source.ts';

/** Changes members of the run's build, which are on disk when this resolves. */
export type Save = (change: Partial<Build>) => Promise<void>;

class PhaseError extends Error {
  constructor(
    readonly statusCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** One build at work, from its source to its last phase. */
export class BuildRun {
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
    this.log = buildLog(cloud, stored.build);
    this.phases = new Phases(queued(stored.build), (phases, currentPhase) => save({ phases, currentPhase }));
  }

  /** Ends what the build has started. @param status what the build then is; IN_PROGRESS: the next start runs it again */
  async stop(status: 'STOPPED' | 'TIMED_OUT' | 'IN_PROGRESS'): Promise<void> {
    this.ending ??= status;
    await this.shell?.stop();
  }

  /** @throws StateNotWritten when the disk is full of other things than the build's: the build may begin again */
  async run(): Promise<void> {
    await makeBuildFolder(this.folder);
    const { timeoutInMinutes } = this.stored.build;
    const timer = setTimeout(() => void this.timeOut(), timeoutInMinutes * 60_000);
    try {
      const result = await this.result();
      if (result === 'FAILED') await blameFullDisk(this.folder);
      // The process ends: the next start runs the build from its beginning.
      if (this.ending !== 'IN_PROGRESS') await this.finish(this.ending ?? result);
    } finally {
      clearTimeout(timer);
      await this.shell?.close();
      await this.log.end();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  private async timeOut(): Promise<void> {
    await this.stop('TIMED_OUT').catch((error: unknown) =>
      this.cloud.warn(`the build ${this.stored.build.id} could not be ended: ${String(error)}`),
    );
  }

  private async finish(status: Status): Promise<void> {
    if (status === 'TIMED_OUT')
      this.phases.end(status, { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out. ' });
    if (this.ending) this.phases.end(status);
    await this.phases.begin('FINALIZING');
    const exported = await this.shell?.environment();
    // No process of the build is left when a client can see the build's end.
    await this.shell?.close();
    await this.log.end();
    await this.save({
      buildStatus: status,
      buildComplete: true,
      endTime: seconds(),
      currentPhase: 'COMPLETED',
      phases: this.phases.complete(),
      exportedEnvironmentVariables: this.exportedNames.flatMap((name) => {
        const value = exported?.[name];
        // CodeBuild does not say whether an empty one comes back: nobody shall rely on it.
        return value ? [{ name, value }] : [];
      }),
    });
  }

  private async result(): Promise<Status> {
    try {
      return (await this.steps()) ? 'SUCCEEDED' : 'FAILED';
    } catch (error) {
      if (error instanceof StateNotWritten) throw error;
      const { statusCode, message } =
        error instanceof PhaseError
          ? error
          : { statusCode: 'CLIENT_ERROR', message: error instanceof Error ? error.message : String(error) };
      if (this.ending) return this.ending;
      this.log.say(`Phase context status code: ${statusCode} Message: ${message}`);
      this.phases.end('FAILED', { statusCode, message });
      return 'FAILED';
    }
  }

  /** @returns whether everything went well */
  private async steps(): Promise<boolean> {
    const { build, output } = this.stored;
    const source = join(this.folder, 'source');
    await this.phases.begin('PROVISIONING');
    await this.phases.begin('DOWNLOAD_SOURCE');
    const resolvedSourceVersion = await fetchSource(this.cloud, this.stored, source);
    if (resolvedSourceVersion) await this.save({ resolvedSourceVersion });
    const spec = await this.buildspec(source);
    this.exportedNames = spec.env['exported-variables'].filter((name) => mayBeExported(build, name));
    const { variables, secrets } = await environmentOf(
      this.cloud,
      { ...build, resolvedSourceVersion },
      spec,
      {
        source,
        home: join(this.folder, 'home'),
        tmp: join(this.folder, 'tmp'),
      },
    );
    this.log.hide(secrets);
    const shell = openShell({
      program: spec.env.shell,
      folder: join(this.folder, 'shell'),
      cwd: source,
      environment: variables,
      output: (line) => this.log.write(line),
    });
    this.shell = shell;
    const { phases } = this;
    const say = (text: string): void => this.log.say(text);
    const outcome = await runCommands({ spec, shell, phases, say, ending: () => this.ending !== undefined });
    if (outcome === 'aborted') return false;
    await this.phases.begin('UPLOAD_ARTIFACTS');
    if (spec.artifacts && output) await this.upload(spec.artifacts, source, output);
    return outcome === 'succeeded';
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

  /** The buildspec of the request, of the project, or of a file in the source. */
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
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.exported-variables */
function mayBeExported({ environment }: Build, exported: string): boolean {
  const secrets = environment.environmentVariables.filter(({ type }) => type !== 'PLAINTEXT');
  return !exported.startsWith('AWS_') && secrets.every(({ name }) => name !== exported);
}

/** The phases of a build that begins, also of one that begins anew. */
function queued({ startTime, phases: [submitted] }: Build): BuildPhase[] {
  return [...(submitted ? [submitted] : []), { phaseType: 'QUEUED', startTime }];
}
