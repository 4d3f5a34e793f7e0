import { logged } from '../shared/logged.ts';
import { readRecord, reduce } from './overflow.ts';

/** Overflow: the Pipe's enrichment. What it throws stays in the queue, and ends in the dead one. */
export const handler = logged('overflow', async (event) => reduce(readRecord(event)));
