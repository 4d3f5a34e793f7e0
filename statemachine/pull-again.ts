import { errors } from './errors.ts';

/** A pull that may succeed later is built again for so long after its first failure. */
export const AGAIN_SECONDS = 2 * 60 * 60;

/** A merge that a host has not made so long after it was first missed it will not make: a conflict is not waited out. */
export const MERGE_SECONDS = 10 * 60;

/** The errors after which a pull may succeed a while later, so that the machine builds it again. */
export const PASSING: readonly string[] = [
  errors.hostUnreachable,
  errors.packDamaged,
  errors.gitKilled,
  errors.mergeMissing,
  errors.buildLimit,
  errors.buildKilled,
  errors.buildFault,
];
