import { errors } from './errors.ts';

/** A pull that may succeed later is built again for so long after its first failure. */
export const AGAIN_SECONDS = 2 * 60 * 60;

/** The errors after which a pull may succeed a while later, so that the machine builds it again. */
export const PASSING: readonly string[] = [
  errors.hostUnreachable,
  errors.packDamaged,
  errors.gitKilled,
  errors.buildLimit,
  errors.buildKilled,
  errors.buildFault,
];
