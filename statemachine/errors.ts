/**
 * Every error name of the delivery machine, once: thrown by a Lambda or by the pull, matched by the machine,
 * shown as the failed execution's error.
 */
export const errors = {
  // every function: a setting or secret that cannot be read as what it should be
  misconfigured: 'Misconfigured',
  // Validate
  malformed: 'Malformed',
  rejected: 'Rejected',
  settingsOld: 'SettingsOld',
  // Approve
  notApproved: 'NotApproved',
  // Claim, Publish, StartPipeline
  refBusy: 'RefBusy',
  commitNotOnRef: 'CommitNotOnRef',
  superseded: 'Superseded',
  unchanged: 'Unchanged',
  newerUnderWay: 'NewerUnderWay',
  artifactMissing: 'ArtifactMissing',
  pipelineMissing: 'PipelineMissing',
  pipelineSource: 'PipelineSource',
  pipelineLimit: 'PipelineLimit',
  pipelineNotOurs: 'PipelineNotOurs',
  teardownRuns: 'TeardownRuns',
  // TakeDown
  teardownFailed: 'TeardownFailed',
  // Pull
  commitUnreachable: 'CommitUnreachable',
  credentialRefused: 'CredentialRefused',
  repositoryMissing: 'RepositoryMissing',
  hostUnknown: 'HostUnknown',
  hostUnreachable: 'HostUnreachable',
  hostUntrusted: 'HostUntrusted',
  packDamaged: 'PackDamaged',
  gitKilled: 'GitKilled',
  diskFull: 'DiskFull',
  refInvalid: 'RefInvalid',
  artifactTooLarge: 'ArtifactTooLarge',
  lfsMissing: 'LfsMissing',
  lfsObjectMissing: 'LfsObjectMissing',
  objectRefused: 'ObjectRefused',
  folderMissing: 'FolderMissing',
  submoduleNotAllowed: 'SubmoduleNotAllowed',
  submoduleLimit: 'SubmoduleLimit',
  mergeMissing: 'MergeMissing',
  mergeConflict: 'MergeConflict',
  pullFailed: 'PullFailed',
  // of the build itself: it was not begun, was killed, or CodeBuild failed
  buildLimit: 'BuildLimit',
  buildKilled: 'BuildKilled',
  buildFault: 'BuildFault',
} as const;

export type ErrorName = (typeof errors)[keyof typeof errors];
