import { logged } from '../shared/logged.ts';
import { sweep } from './sweep.ts';

/** Sweep: runs by the clock, where a rule has a pipeline for each branch or pull request. */
export const handler = logged('sweep', () => sweep());
