/** The columns that a list of deliveries can be filtered by; in a file without imports, for a command's help is made of it. */
export const FILTERS = [
  'repository',
  'ref',
  'commit',
  'event',
  'outcome',
  'rule',
  'deliveryId',
  'replayName',
] as const;
