// The account and the Region of this runtime, which has no real ones.
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
/** Whoever started the runtime: a user who may everything that no policy of a resource denies. */
export const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:user/administrator`;
