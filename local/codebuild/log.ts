import type { Cloud } from '../cloud.ts';
import type { Build } from './build.ts';

const BATCH_MS = 100;
const BATCH_EVENTS = 5000;

/** A build's log as it grows: lines are gathered for a moment and written together, in their order. */
export class BuildLog {
  private lines: { timestamp: number; message: string }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<unknown>;

  constructor(
    private readonly cloud: Cloud,
    private readonly build: Build,
  ) {
    this.last = this.call('CreateLogStream', {}).catch((error: unknown) => {
      // A build that is taken up again goes on in its stream.
      if (!(error instanceof Error && 'code' in error && error.code === 'ResourceAlreadyExistsException'))
        throw error;
    });
    this.last.catch(() => undefined);
  }

  line(message: string): void {
    this.lines.push({ timestamp: Date.now(), message: message === '' ? ' ' : message });
    if (this.lines.length >= BATCH_EVENTS) this.write();
    else this.timer ??= setTimeout(() => this.write(), BATCH_MS);
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    this.write();
    await this.last;
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const logEvents = this.lines;
    if (logEvents.length === 0) return;
    this.lines = [];
    const before = this.last;
    this.last = before
      .then(() => this.call('PutLogEvents', { logEvents }))
      .catch((error: unknown) =>
        this.cloud.warn(`the log of build ${this.build.id} could not be written: ${String(error)}`),
      );
  }

  private call(operation: string, input: object): Promise<unknown> {
    const { groupName: logGroupName, streamName: logStreamName } = this.build.logs;
    const as = this.cloud.role(this.build.serviceRole);
    return this.cloud.call('logs', operation, { logGroupName, logStreamName, ...input }, as);
  }
}
