import type { BuildPhase } from './build.ts';
import { seconds } from './build.ts';

/** A build's phases as they come and go, in CodeBuild's names. */
export class Phases {
  private readonly done: BuildPhase[];
  private current: { phaseType: string; startTime: number } | undefined;

  /** @param known the phases so far; the one without a status is at work */
  constructor(
    known: readonly BuildPhase[],
    private readonly saved: (phases: readonly BuildPhase[], current: string) => Promise<void>,
  ) {
    this.done = known.filter(({ phaseStatus }) => phaseStatus !== undefined);
    this.current = known.find(({ phaseStatus }) => phaseStatus === undefined);
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

  /** Ends the phase at work; a phase that has ended already keeps its status. */
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
