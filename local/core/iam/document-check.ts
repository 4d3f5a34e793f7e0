import type * as z from 'zod';
import { conditionProblems } from './condition-check.ts';
import { isServicePrincipal } from './service-principals.ts';
import type { Statement } from './statement.ts';

/** What a policy belongs to: an identity that acts, a role that is taken up, or a resource that is acted on. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

const ACTION = /^(\*|[a-z0-9-]+:[\w*?]+)$/i;
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
const ROLE_ACTION =
  /^sts:(?:AssumeRole(?:With(?:SAML|WebIdentity))?|SetContext|SetSourceIdentity|TagSession)$/i;
const RESOURCE = /^(?:\*|arn:[*?]|arn:(?:[^:]*:){4}.+|arn:[^:]*[*?].*)$/s;
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const PARTITION = /^arn:(?:aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|\*)?(?::|$)/;
const VENDOR = /^arn:[^:]*:[a-z0-9-]+:/i;
const IAM_PATH =
  /^arn:[^:]*:iam::[^:]*:(?:\*|root$|(?:user|federated-user|role|group|instance-profile|mfa|server-certificate|policy|saml-provider|oidc-provider|sms-mfa|report|access-report)[/*])/;
const FEDERATED =
  /^(?:arn:[\w-]+:iam::\d{12}:(?:saml|oidc)-provider\/.+|cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com|accounts\.google\.com)$/;
const PRINCIPAL = /^(?:\*|\d{12}|arn:[\w-]+:(?:iam|sts)::\d{12}:.+|arn:[\w-]+:iam::cloudfront:.+)$/;
const SID = /^[a-z0-9]*$/i;
const VARIABLE = /\$\{/;

/**
 * What is wrong with the statements of a policy, beyond the types of their members.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function checkStatements(
  kind: PolicyKind,
  statements: readonly Statement[],
  { addIssue }: z.core.$RefinementCtx,
): void {
  if (statements.length === 0) addIssue('a policy has one statement at least');
  const sids = statements.flatMap(({ Sid }) => (Sid ? [Sid] : []));
  if (new Set(sids).size < sids.length)
    addIssue(`two statements have one Sid: ${sids.join(', ')}; give each its own`);
  for (const statement of statements) for (const problem of problemsOf(kind, statement)) addIssue(problem);
}

function problemsOf(kind: PolicyKind, statement: Statement): string[] {
  const { Sid = '', Resource = [], NotResource = [] } = statement;
  const actions = [...(statement.Action ?? []), ...(statement.NotAction ?? [])];
  const found: (string | false)[] = [
    exactlyOne(statement, 'Action', 'NotAction'),
    kind === 'trust'
      ? none(statement, 'Resource', 'NotResource')
      : exactlyOne(statement, 'Resource', 'NotResource'),
    kind === 'identity'
      ? none(statement, 'Principal', 'NotPrincipal')
      : exactlyOne(statement, 'Principal', 'NotPrincipal'),
    ...principalProblems(statement),
    kind === 'identity' && !SID.test(Sid) && `the Sid ${Sid} holds more than letters and digits`,
    ...actions.map((action) => !ACTION.test(action) && `${action} is no action: expected service:Action`),
    ...actions.map(
      (action) =>
        kind === 'trust' &&
        !ROLE_ACTION.test(action) &&
        `a role is taken up by actions of sts such as sts:AssumeRole, not by ${action}`,
    ),
    kind === 'trust' && none(statement, 'NotAction', 'NotPrincipal'),
    statement.NotPrincipal !== undefined &&
      statement.Effect === 'Allow' &&
      'NotPrincipal goes with the Effect Deny alone',
    ...conditionProblems(statement),
    VARIABLE.test(JSON.stringify(statement)) &&
      'the local runtime does not support variables of policies such as ${aws:username}',
    ...[...Resource, ...NotResource].map((resource) => kind === 'identity' && resourceProblem(resource)),
  ];
  return found.filter((problem) => problem !== false);
}

function resourceProblem(resource: string): string | false {
  if (!RESOURCE.test(resource)) return `${resource} is no resource: expected an ARN or *`;
  if (resource === '*') return false;
  if (!PARTITION.test(resource)) return `the partition of ${resource} is not valid: expected aws`;
  if (!VENDOR.test(resource))
    return `${resource} names no service: it must be fully qualified, without wildcards`;
  return /^arn:[^:]*:iam:/.test(resource) && !IAM_PATH.test(resource)
    ? `${resource} has no path that IAM knows, such as role/`
    : false;
}

interface Principals {
  readonly AWS?: readonly string[] | undefined;
  readonly Service?: readonly string[] | undefined;
  readonly Federated?: readonly string[] | undefined;
}

/** Whom AWS does not know; whether a role of the account is there is seen when all of it is made. */
function principalProblems({ Principal, NotPrincipal }: Statement): string[] {
  const all: readonly Principals[] = [Principal ?? {}, NotPrincipal ?? {}];
  const empty = [Principal, NotPrincipal].some(
    (each) => each !== undefined && Object.keys(each).length === 0,
  );
  const services = all.flatMap(({ Service = [] }) => Service).filter((name) => !isServicePrincipal(name));
  const others = all.flatMap(({ AWS = [] }) => AWS).filter((name) => !PRINCIPAL.test(name));
  const federated = all.flatMap(({ Federated = [] }) => Federated).filter((name) => !FEDERATED.test(name));
  const unknown = [...services, ...others, ...federated];
  return [
    ...(empty ? ['a Principal names somebody'] : []),
    ...unknown.map((name) => `${name} is no principal that AWS knows`),
  ];
}

type Member = keyof Statement;

const exactlyOne = (statement: Statement, one: Member, other: Member): string | false => {
  const count = [statement[one], statement[other]].filter((value) => value !== undefined).length;
  const empty = [statement[one], statement[other]].some(
    (value) => Array.isArray(value) && value.length === 0,
  );
  return (count !== 1 || empty) && `a statement has ${one} or ${other}, one of them, and it is not empty`;
};

const none = (statement: Statement, ...members: Member[]): string | false => {
  const found = members.find((member) => statement[member] !== undefined);
  return found !== undefined && `a statement of this policy has no ${found}`;
};
