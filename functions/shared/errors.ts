import { type ErrorName, errors } from '../../statemachine/errors.ts';

export { type ErrorName, errors } from '../../statemachine/errors.ts';

/**
 * An error that names itself: `name` is one of `errors`, the message holds the wrong value and says what to change.
 */
export class HooklineError extends Error {
  constructor(
    override readonly name: ErrorName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The exit status by which the pull program names its error: CodeBuild shows a failed command's status and nothing
 * else to the state machine. 70 and up, so that no shell or git status is mistaken for one.
 */
export const pullExitStatus: Readonly<Partial<Record<ErrorName, number>>> = {
  [errors.pullFailed]: 70,
  [errors.commitUnreachable]: 71,
  [errors.credentialRefused]: 72,
  [errors.repositoryMissing]: 73,
  [errors.hostUnknown]: 74,
  [errors.hostUnreachable]: 75,
  [errors.diskFull]: 76,
  [errors.refInvalid]: 77,
  [errors.artifactTooLarge]: 78,
  [errors.lfsMissing]: 79,
  [errors.misconfigured]: 80,
  [errors.lfsObjectMissing]: 81,
  [errors.hostUntrusted]: 82,
  [errors.packDamaged]: 83,
  [errors.gitKilled]: 84,
  [errors.objectRefused]: 87,
  [errors.submoduleNotAllowed]: 85,
  [errors.submoduleLimit]: 86,
  [errors.mergeMissing]: 89,
  [errors.mergeConflict]: 90,
  [errors.folderMissing]: 88,
};
