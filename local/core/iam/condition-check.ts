import type { Statement } from './statement.ts';

/**
 * The keys that have a value here where they have one on AWS; those with a slash go on with a name. A statement that
 * asks for any other would be decided otherwise than on AWS.
 */
const KEYS: readonly string[] = [
  'aws:principalaccount',
  'aws:principalarn',
  'aws:requesttag/',
  'aws:resourcetag/',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  // Nobody here asks EC2 or KMS for anything.
  'ec2:authorizedservice',
  'ec2:subnet',
  'iam:passedtoservice',
  'kms:viaservice',
  's3:if-match',
  's3:if-none-match',
  's3:objectcreationoperation',
];

const isKnown = (key: string): boolean =>
  KEYS.some((known) => (known.endsWith('/') ? key.startsWith(known) : key === known));

const WILD = /^[*?]/;

/** What is wrong with the conditions of a statement, and what of them is not carried out. */
export function conditionProblems({ Condition = {} }: Statement): string[] {
  return Object.entries(Condition).flatMap(([operator, keys = {}]) =>
    Object.entries(keys).flatMap(([key, values]) => [
      ...(isKnown(key.toLowerCase()) ? [] : [`the local runtime does not support the condition key ${key}`]),
      ...values.flatMap((value) => valueProblem(operator, value)),
    ]),
  );
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
function valueProblem(operator: string, value: string): string[] {
  if (/^(?:Bool|Null)/.test(operator) && !/^(?:true|false)$/i.test(value))
    return [`${operator} compares with true or false, and not with ${value}`];
  if (operator.startsWith('Arn') && !value.startsWith('arn:') && !WILD.test(value))
    return [`${operator} compares with an ARN, and not with ${value}`];
  return [];
}
