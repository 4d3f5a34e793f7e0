import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ends, type Watch } from '../../../local/core/ends.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();
const isOver = async (waiting: Promise<void>): Promise<boolean> => {
  let over = false;
  void waiting.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
};

/** How often somebody asks in this time whom nobody tells. */
async function questionsIn(watch: Watch, milliseconds: number): Promise<number> {
  let questions = 0;
  const end = Date.now() + milliseconds;
  const asking = (async () => {
    while (Date.now() < end) {
      questions += 1;
      await watch.wait(signal);
    }
  })();
  await vi.advanceTimersByTimeAsync(milliseconds + 30_000);
  await asking;
  return questions;
}

describe('who waits for an end', () => {
  it('asks after 50 ms at first, later at a tenth of the age, and twice a minute in the end', async () => {
    const watch = ends().watch('a');
    const first = watch.wait(signal);
    await vi.advanceTimersByTimeAsync(49);
    expect(await isOver(first)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isOver(first)).toBe(true);
    expect(await questionsIn(watch, 300_000)).toBeLessThan(100);
    expect(await questionsIn(watch, 600_000)).toBe(20);
  });

  it('is woken at once, also by what was told between two waits', async () => {
    const board = ends();
    const [watch, other] = [board.watch('a'), board.watch('b')];
    const waiting = watch.wait(signal);
    const others = other.wait(signal);
    board.tell('a');
    expect(await isOver(waiting)).toBe(true);
    expect(await isOver(others)).toBe(false);
    board.tell('a');
    expect(await isOver(watch.wait(signal))).toBe(true);
    const again = watch.wait(signal);
    expect(await isOver(again)).toBe(false);
    board.tell('a');
    expect(await isOver(again)).toBe(true);
  });

  it('is told no more once it has closed', async () => {
    const board = ends();
    const watch = board.watch('a');
    watch.close();
    board.tell('a');
    expect(await isOver(watch.wait(signal))).toBe(false);
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const waiting = ends().watch('a').wait(controller.signal);
    controller.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(ends().watch('a').wait(controller.signal)).rejects.toThrow('stopped');
  });
});
