/** An item of a pool, which serves one user at a time and stays warm in between. */
export interface Pooled {
  usable(): boolean;
  end(): Promise<void>;
}

export interface PoolOptions<T extends Pooled> {
  readonly max: number;
  /** milliseconds after which an unused item is ended */
  readonly idle: number;
  create(): T;
}

/** A pool of at most `max` items; a later user waits in line. */
export class Pool<T extends Pooled> {
  #options: PoolOptions<T>;
  #idle: { item: T; timer: NodeJS.Timeout }[] = [];
  #all = new Set<T>();
  #uses = new Set<Promise<unknown>>();
  #ends = new Set<Promise<void>>();
  #busy = 0;
  #waiting: (() => void)[] = [];
  #closed = false;
  #draining = false;

  constructor(options: PoolOptions<T>) {
    this.#options = options;
  }

  async use<R>(work: (item: T) => Promise<R>): Promise<R> {
    const use = this.#use(work);
    this.#uses.add(use);
    try {
      return await use;
    } finally {
      this.#uses.delete(use);
    }
  }

  async #use<R>(work: (item: T) => Promise<R>): Promise<R> {
    await this.#turn();
    let item: T | undefined;
    try {
      item = this.#take();
      return await work(item);
    } finally {
      this.#release(item);
    }
  }

  /** Keeps none warm any more: those in use are ended by who uses them last. Who waits in line still gets a turn. */
  async drain(): Promise<void> {
    this.#draining = true;
    const idle = this.#idle.splice(0);
    for (const { item, timer } of idle) {
      clearTimeout(timer);
      this.#all.delete(item);
    }
    await Promise.all(idle.map(({ item }) => this.#end(item)));
  }

  /** Ends every one, those in use too, and waits until whoever used them is done with it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#idle) clearTimeout(timer);
    await Promise.all([...this.#all].map((item) => this.#end(item)));
    await Promise.allSettled(this.#uses);
    await Promise.all(this.#ends);
  }

  async #end(item: T): Promise<void> {
    const end = item.end();
    this.#ends.add(end);
    await end;
    this.#ends.delete(end);
  }

  async #turn(): Promise<void> {
    if (this.#busy < this.#options.max) {
      this.#busy += 1;
      return;
    }
    // The one who leaves hands over its place, so that nobody overtakes the line.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #take(): T {
    if (this.#closed) throw new Error('the runtime is stopping: start it again and repeat the call');
    // The last one used is the warmest, and those before it grow old enough to end.
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      clearTimeout(last.timer);
      if (last.item.usable()) return last.item;
      this.#all.delete(last.item);
    }
    const item = this.#options.create();
    this.#all.add(item);
    return item;
  }

  #release(item: T | undefined): void {
    if (item) this.#keep(item);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy -= 1;
  }

  #keep(item: T): void {
    if (this.#closed || this.#draining || !item.usable()) {
      this.#all.delete(item);
      void this.#end(item);
      return;
    }
    const timer = setTimeout(() => this.#retire(item), this.#options.idle);
    timer.unref();
    this.#idle.push({ item, timer });
  }

  #retire(item: T): void {
    this.#idle = this.#idle.filter((other) => other.item !== item);
    this.#all.delete(item);
    void this.#end(item);
  }
}
