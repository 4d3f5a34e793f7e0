// What stands for an account and a Region where there is neither.
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
