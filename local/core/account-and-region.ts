// The account and the Region of this runtime, which has no real ones.
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
