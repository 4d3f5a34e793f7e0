import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cloud } from '../../core/cloud.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { AGAIN_MS, untilWritten } from '../../core/until-written.ts';
import { type Build, type Status, seconds } from './build.ts';
import { BuildRun } from './build-run.ts';
import { Phases } from './phases.ts';
import { endGroup, groupsWith } from './process-group.ts';
import { assetOf } from './source.ts';
import { change, storedBuild, type Tables } from './tables.ts';

/** The name of a build's folder: the part of its id that no other build has. */
const folderName = (id: string): string => id.slice(id.indexOf(':') + 1);

// More at once than there are processors makes none of them faster; one alone would let a long one hold up the rest.
const AT_ONCE = Math.max(2, availableParallelism());

/** The builds that wait, in their order, and those at work. */
export class Builds {
  /** by id: the timer that ends a build which is queued for too long */
  private readonly queue = new Map<string, NodeJS.Timeout>();
  private readonly running = new Map<string, { run: BuildRun; ended: Promise<void> }>();
  private readonly folder: string;
  private readonly closing = new AbortController();

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
  ) {
    // Absolute, as the commands of a build change their folder.
    this.folder = resolve(cloud.store.folder('codebuild'));
  }

  /** Takes up a build that is on disk. */
  add({ id, queuedTimeoutInMinutes }: Build): void {
    if (this.queue.has(id) || this.running.has(id)) return;
    const late = setTimeout(() => void this.dequeue(id, 'TIMED_OUT'), queuedTimeoutInMinutes * 60_000);
    this.queue.set(id, late);
    this.next();
  }

  /** Ends a build with all its processes; a complete one stays as it is. */
  async stop(id: string): Promise<void> {
    if (this.queue.has(id)) return this.dequeue(id, 'STOPPED');
    const at = this.running.get(id);
    await at?.run.stop('STOPPED');
    await at?.ended;
  }

  /** Runs the builds that were not complete when the process before this one ended, each from its beginning. */
  async resume(): Promise<void> {
    const left = [...this.tables.unfinished.entries()].map(({ value: id }) => id);
    await this.removeFolders(new Set(left.map(folderName)));
    if (left.length === 0) return;
    // Processes that the former process could not end would work beside the build that begins anew.
    const groups = await groupsWith(left.map((id) => `CODEBUILD_BUILD_ID=${id}`));
    await Promise.all(groups.map(endGroup));
    for (const id of left) this.add(storedBuild(this.tables, id).build);
  }

  /** Removes the folders of builds that have ended: a kill may come between a build's end and that of its folder. */
  private async removeFolders(unfinished: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.folder))
      if (!unfinished.has(name))
        await rm(join(this.folder, name), { recursive: true, force: true }).catch((error: unknown) =>
          this.cloud.warn(`the folder of an ended build is left: ${String(error)}`),
        );
  }

  /** Ends every process; the next start runs the builds that are not complete. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const late of this.queue.values()) clearTimeout(late);
    const all = [...this.running.values()].map(async ({ run, ended }) => {
      await run.stop('IN_PROGRESS');
      await ended;
    });
    await Promise.all(all);
  }

  private async dequeue(id: string, status: Status): Promise<void> {
    clearTimeout(this.queue.get(id));
    this.queue.delete(id);
    const phases = new Phases(storedBuild(this.tables, id).build.phases, async () => {});
    phases.end(status);
    await this.complete(id, status, phases);
  }

  private async complete(id: string, buildStatus: Status, phases: Phases): Promise<void> {
    const end = { buildStatus, buildComplete: true, endTime: seconds(), currentPhase: 'COMPLETED' };
    const completed = phases.complete();
    await untilWritten(() => change(this.cloud, this.tables, id, { ...end, phases: completed }), {
      stopping: this.closing.signal,
      failed: ({ message }) => this.cloud.warn(`the end of the build ${id} is written later: ${message}`),
    });
  }

  private next(): void {
    for (const [id, late] of this.queue) {
      if (this.closing.signal.aborted || this.running.size >= AT_ONCE) return;
      clearTimeout(late);
      this.queue.delete(id);
      this.begin(id);
    }
  }

  private begin(id: string): void {
    const stored = storedBuild(this.tables, id);
    const asset = assetOf(this.cloud, stored, this.tables.live.get(stored.build.projectName));
    const folder = join(this.folder, folderName(id));
    const run = new BuildRun(this.cloud, { ...stored, asset }, folder, (part) =>
      change(this.cloud, this.tables, id, part),
    );
    const ended = run
      .run()
      .catch((error: unknown) => this.fault(id, error))
      .catch((error: unknown) => this.again(id, error))
      .finally(() => {
        this.running.delete(id);
        this.next();
      });
    this.running.set(id, { run, ended });
  }

  /** Runs a build from its beginning once more, as the next start would, when there may be room for what it writes. */
  private again(id: string, error: unknown): void {
    this.cloud.warn(`the build ${id} begins again: ${String(error)}`);
    setTimeout(() => {
      const { build } = storedBuild(this.tables, id);
      if (!build.buildComplete) this.add(build);
    }, AGAIN_MS).unref();
  }

  /** Ends a build that failed by an error of this runtime, not by its own. */
  private async fault(id: string, error: unknown): Promise<void> {
    if (error instanceof StateNotWritten) throw error;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.cloud.warn(`the build ${id} could not be run: ${reason}`);
    const phases = new Phases(storedBuild(this.tables, id).build.phases, async () => {});
    phases.end('FAULT', { statusCode: 'INTERNAL_SERVICE_ERROR', message: String(error) });
    await this.complete(id, 'FAULT', phases);
  }
}
