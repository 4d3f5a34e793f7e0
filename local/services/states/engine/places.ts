/**
 * The places of executions that run at once. Who finds none waits in line, known by its ARN alone: all the rest of it is on
 * disk until its turn.
 */
export class Places {
  private taken = 0;
  private line: string[] = [];
  private first = 0;

  /**
   * @param room how many places there are now
   * @param begin begins an execution, unless there is nothing to be done; `leave` gives its place back
   */
  constructor(
    private readonly room: () => number,
    private readonly begin: (arn: string) => boolean,
  ) {}

  wait(arn: string): void {
    this.line.push(arn);
    this.callNext();
  }

  leave(): void {
    this.taken -= 1;
    this.callNext();
  }

  /** Takes a place whether one is free or not: for what has had one before, and may not wait for others. */
  take(): void {
    this.taken += 1;
  }

  /** Calls those in line for whom there is a place. */
  callNext(): void {
    while (this.taken < this.room()) {
      const arn = this.line[this.first];
      if (arn === undefined) break;
      this.first += 1;
      if (this.begin(arn)) this.taken += 1;
    }
    if (this.first >= this.line.length) this.close();
  }

  /** Sends everybody in line away. */
  close(): void {
    this.line = [];
    this.first = 0;
  }
}

/** One execution's place, which it gives back for as long as one of its lines waits for a time or a job. */
export class Place {
  private waiting = 0;

  /** @param left is called each time that it has left, for what need not stay in memory meanwhile */
  constructor(
    private readonly places: Places,
    private readonly left: () => void,
  ) {}

  async leaveFor<T>(work: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    if (this.waiting === 1) {
      this.left();
      this.places.leave();
    }
    try {
      return await work();
    } finally {
      this.waiting -= 1;
      if (this.waiting === 0) this.places.take();
    }
  }
}
