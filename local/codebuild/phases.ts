import type { Build, BuildPhase } from './build.ts';
import { seconds } from './build.ts';

/** A build's phases as they come and go, in CodeBuild's names. */
export class Phases {
  private readonly done: BuildPhase[];
  private current: { phaseType: string; startTime: number } | undefined;

  /** Begins after SUBMITTED and with QUEUED, also for a build that is run again. */
  constructor(
    { startTime, phases: [submitted] }: Build,
    private readonly saved: (phases: readonly BuildPhase[], current: string) => Promise<void>,
  ) {
    this.done = submitted ? [submitted] : [];
    this.current = { phaseType: 'QUEUED', startTime };
  }

  get list(): readonly BuildPhase[] {
    return this.current ? [...this.done, this.current] : this.done;
  }

  /** Ends the phase before and begins another. */
  async begin(phaseType: string): Promise<void> {
    this.end('SUCCEEDED');
    this.current = { phaseType, startTime: seconds() };
    await this.saved(this.list, phaseType);
  }

  /** Ends the phase at work; the first word on how it ended stands. */
  end(phaseStatus: string, context?: { statusCode: string; message: string }): void {
    if (!this.current) return;
    const endTime = seconds();
    const durationInSeconds = Math.round(endTime - this.current.startTime);
    const contexts = [context ?? { statusCode: '', message: '' }];
    this.done.push({ ...this.current, phaseStatus, endTime, durationInSeconds, contexts });
    this.current = undefined;
  }

  complete(): readonly BuildPhase[] {
    this.end('SUCCEEDED');
    this.done.push({ phaseType: 'COMPLETED', startTime: seconds() });
    return this.done;
  }
}
