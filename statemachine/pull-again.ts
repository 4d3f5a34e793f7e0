import { errors } from './errors.ts';

/** After its first failure, a pull that may succeed later is built again for so long. */
export const AGAIN_SECONDS = 2 * 60 * 60;

/** What a pull may fail of and succeed a while later, so that it is built again. */
export const PASSING: readonly string[] = [
  errors.hostUnreachable,
  errors.packDamaged,
  errors.gitKilled,
  errors.buildLimit,
  errors.buildKilled,
  errors.buildFault,
];
