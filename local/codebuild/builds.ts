import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Call, Cloud } from '../cloud.ts';
import type { Collection } from '../store.ts';
import { type Build, type StoredBuild, seconds } from './build.ts';
import { endGroup, groupsWith } from './process-group.ts';
import type { Project } from './project.ts';
import { Run } from './run.ts';
import { newBuild, startInputOf } from './start-build.ts';

/** How many builds run at once; others wait in their order. */
const AT_ONCE = Math.max(2, availableParallelism());

/** Every build, on disk; and those at work. */
export class Builds {
  private readonly stored: Collection<StoredBuild>;
  /** [project, number]: the build's id */
  private readonly numbers: Collection<string>;
  private readonly queue: string[] = [];
  private readonly running = new Map<string, { run: Run; ended: Promise<void> }>();
  private stopping = false;

  constructor(
    private readonly cloud: Cloud,
    readonly projects: ReadonlyMap<string, Project>,
  ) {
    this.stored = cloud.store.collection('codebuild/builds');
    this.numbers = cloud.store.collection('codebuild/numbers');
  }

  get(id: string): Build | undefined {
    return this.stored.get(id.replace(/^arn:.*:build\//, ''))?.build;
  }

  /** Ids of a project's builds, the first one first. */
  ofProject(project: string): string[] {
    return [...this.numbers.under([project])].map(({ value }) => value);
  }

  all(): Build[] {
    return [...this.stored.entries()]
      .map(({ value }) => value.build)
      .sort((a, b) => a.startTime - b.startTime);
  }

  async start(input: unknown, call: Call): Promise<Build> {
    const request = startInputOf(input);
    const project = this.projects.get(request.projectName);
    if (!project)
      throw new AwsError('ResourceNotFoundException', `there is no project ${request.projectName}`);
    const stored = await this.cloud.store.transaction(() => this.insert(project, request, call));
    if (!this.running.has(stored.build.id) && !stored.build.buildComplete) this.enqueue(stored.build.id);
    return stored.build;
  }

  /** The same token within its project is the same build. Must run inside a transaction. */
  private insert(project: Project, request: ReturnType<typeof startInputOf>, call: Call): StoredBuild {
    const token = request.idempotencyToken;
    const known = token === undefined ? undefined : this.withToken(project.name, token);
    if (known) return known;
    const [last] = this.numbers.under([project.name], { reverse: true, limit: 1 });
    const number = (Array.isArray(last?.key) ? Number(last.key[1]) : 0) + 1;
    const made = newBuild(this.cloud, project, request, number, call);
    void this.stored.put(made.build.id, made);
    void this.numbers.put([project.name, number], made.build.id);
    return made;
  }

  private withToken(project: string, token: string): StoredBuild | undefined {
    for (const { value } of this.numbers.under([project], { reverse: true, limit: 100 })) {
      const stored = this.stored.get(value);
      if (stored?.idempotencyToken === token) return stored;
    }
    return undefined;
  }

  async stop(input: unknown): Promise<Build> {
    const { id } = z.looseObject({ id: z.string() }).parse(input);
    const stored = this.stored.get(id);
    if (!stored) throw new AwsError('ResourceNotFoundException', `there is no build ${id}`);
    const at = this.running.get(id);
    const waiting = this.queue.indexOf(id);
    if (waiting >= 0) {
      this.queue.splice(waiting, 1);
      await this.save(id, {
        buildStatus: 'STOPPED',
        buildComplete: true,
        endTime: seconds(),
        currentPhase: 'COMPLETED',
      });
    }
    await at?.run.stop('STOPPED');
    await at?.ended;
    return this.get(id) ?? stored.build;
  }

  /** Runs what was not complete when the process before this one ended, from its beginning. */
  async resume(): Promise<void> {
    const left = [...this.stored.entries()].flatMap(({ value: { build } }) =>
      build.buildComplete ? [] : [build],
    );
    if (left.length === 0) return;
    // What the process before this one could not end any more would write beside the build that begins anew.
    const groups = await groupsWith(left.map(({ id }) => `CODEBUILD_BUILD_ID=${id}`));
    await Promise.all(groups.map(endGroup));
    for (const { id } of left) this.enqueue(id);
  }

  async close(): Promise<void> {
    this.stopping = true;
    await Promise.all(
      [...this.running.values()].map(async ({ run, ended }) => {
        await run.stop('IN_PROGRESS');
        await ended;
      }),
    );
  }

  private enqueue(id: string): void {
    if (this.queue.includes(id)) return;
    this.queue.push(id);
    this.next();
  }

  private next(): void {
    while (!this.stopping && this.running.size < AT_ONCE) {
      const id = this.queue.shift();
      if (id === undefined) return;
      const stored = this.stored.get(id);
      if (stored && !this.running.has(id)) this.run(id, stored);
    }
  }

  private run(id: string, stored: StoredBuild): void {
    const folder = this.cloud.store.folder('builds');
    const run = new Run(this.cloud, stored, join(folder, id.replace(':', '-')), (change) =>
      this.save(id, change),
    );
    const ended = run
      .run()
      .catch((error: unknown) => this.fault(id, error))
      .finally(() => {
        this.running.delete(id);
        this.next();
      });
    this.running.set(id, { run, ended });
  }

  private async fault(id: string, error: unknown): Promise<void> {
    this.cloud.warn(
      `build ${id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    await this.save(id, {
      buildStatus: 'FAULT',
      buildComplete: true,
      endTime: seconds(),
      currentPhase: 'COMPLETED',
    });
  }

  private async save(id: string, change: Partial<Build>): Promise<void> {
    const stored = this.stored.get(id);
    if (stored)
      await this.stored.put(id, {
        ...stored,
        build: { ...stored.build, ...change },
      });
  }
}
