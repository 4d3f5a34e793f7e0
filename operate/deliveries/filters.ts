/** The columns that a list of deliveries can be filtered by; in a file without imports, as a command's help loads it. */
export const FILTERS = [
  'repository',
  'ref',
  'commit',
  'event',
  'outcome',
  'pipelineStatus',
  'rule',
  'deliveryId',
  'replayName',
] as const;
