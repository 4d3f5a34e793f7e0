import { setTimeout as wait } from 'node:timers/promises';
import type { Door } from './door.ts';

const TICK_MS = 10;

/**
 * Sends deliveries at a steady rate, whether those before are answered or not, and waits for every answer.
 * @param rate deliveries a second
 */
export async function flood(door: Door, rate: number, seconds: number): Promise<void> {
  const began = performance.now();
  const all = Math.round(rate * seconds);
  const sent: Promise<void>[] = [];
  while (sent.length < all) {
    const due = Math.min(all, Math.floor(((performance.now() - began) / 1000) * rate));
    while (sent.length < due) sent.push(door.send(began + (sent.length / rate) * 1000));
    await wait(TICK_MS);
  }
  await Promise.all(sent);
}

/** Sends so many deliveries as fast as they are answered, this many at once. */
export async function burst(door: Door, count: number, atOnce: number): Promise<void> {
  let left = count;
  const sender = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await door.send(performance.now());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
}
