import { AwsError } from '../aws-error.ts';
import type { Access, Check, PolicyRegister, Principal, Service } from '../cloud.ts';
import { accessOf } from './access.ts';
import { decideBy, owner, type Registered } from './decide.ts';
import type { Request, Verdict } from './evaluate.ts';
import type { GrantObserver, Policy } from './grants.ts';
import { afresh, remembered } from './remembered.ts';

/** The policies of the stacks, by which each call is let through or denied. */
export interface Policies extends PolicyRegister {
  readonly check: Check;
  /** @throws AccessDenied when no stack makes the role, or it does not trust whoever takes it up */
  assume(roleArn: string, by: Principal): void;
}

/**
 * @param warn hears once of each action that is denied to somebody
 * @param observer hears of every call
 */
export function policiesOf(warn: (message: string) => void, observer?: GrantObserver): Policies {
  const registered: Registered = { trusts: new Map(), identities: new Map(), resources: new Map() };
  const { trusts, identities, resources } = registered;
  const decide = decideBy(registered, observer);
  const { judge, judgeAssuming, forget } = observer ? afresh(decide) : remembered(decide);
  const change = (of: Map<string, Policy>, policy: Policy): void => {
    of.set(policy.id, policy);
    forget();
  };
  const deny = denying(warn, observer);
  const assume = (roleArn: string, by: Principal): void => {
    if (!trusts.has(roleArn)) throw noRole(roleArn);
    const request = requestOf(by, 'sts:AssumeRole', { action: '', resource: roleArn });
    const verdict = judgeAssuming(request);
    if (verdict !== 'allowed') throw deny({ name: 'sts' }, request, verdict);
  };
  const check: Check = (service, operation, input, { principal }) => {
    const given = service.operations[operation]?.access?.(input);
    const needed = given ?? accessOf(service.name, operation, input);
    if (service.name === 'sts' && operation === 'AssumeRole')
      return needed.forEach(({ resource }) => void assume(resource, principal));
    if (isOpen(service, operation, principal)) return;
    for (const access of needed) {
      const { action } = access;
      const request = requestOf(
        principal,
        action.includes(':') ? action : `${service.name}:${action}`,
        access,
      );
      const verdict = judge(request);
      if (verdict !== 'allowed') throw deny(service, request, verdict);
    }
  };
  return {
    assume,
    check,
    allows: (principal, action, resource) =>
      judge(requestOf(principal, action, { action, resource })) === 'allowed',
    trust: (roleArn, statements) => change(trusts, { id: roleArn, of: [roleArn], statements }),
    identity: (id, roleArns, statements) => change(identities, { id, of: roleArns, statements }),
    resource: (id, arns, statements) => change(resources, { id, of: arns.map(owner), statements }),
    remove: (id) => {
      for (const policies of [identities, resources, trusts]) policies.delete(id);
      forget();
    },
  };
}

const REASONS: Readonly<Record<Verdict, string>> = {
  allowed: '',
  denied: 'a policy of the template denies it',
  silent: 'no policy of the template allows it',
};

type Denying = Pick<Service, 'name' | 'http'>;

/** Makes the error of a call that is denied, and tells of it. */
function denying(warn: (message: string) => void, observer: GrantObserver | undefined) {
  const warned = new Set<string>();
  return (service: Denying, request: Request, verdict: Verdict): AwsError => {
    const { principal, action, resource } = request;
    const message = `${principal} is not authorized to perform ${action} on ${resource}: ${REASONS[verdict]}`;
    const kind = `${principal} ${action}`;
    if (!warned.has(kind)) warn(message);
    warned.add(kind);
    observer?.denied?.(request);
    return denied(service, message);
  };
}

/** AWS's services send events of their own to EventBridge without a policy. */
const isOpen = ({ name }: Service, operation: string, { service }: Principal): boolean =>
  OPEN.has(`${name}:${operation}`) ||
  (service !== undefined && name === 'events' && operation === 'PutEvents');

// AWS asks for no permission.
const OPEN = new Set(['sts:GetCallerIdentity']);

const noRole = (arn: string): AwsError =>
  new AwsError('AccessDenied', `the role ${arn} cannot be assumed: no stack makes it`, 403);

/** The loopback interface stands for TLS. */
function requestOf(
  { arn, service, source }: Principal,
  action: string,
  { resource, passedTo, conditions = {} }: Access,
): Request {
  const account = arn.split(':')[4] ?? '';
  const context = {
    'aws:securetransport': 'true',
    ...(service === undefined && { 'aws:principalarn': arn, 'aws:principalaccount': account }),
    ...(source !== undefined && { 'aws:sourcearn': source, 'aws:sourceaccount': account }),
    ...(passedTo !== undefined && { 'iam:passedtoservice': passedTo }),
    ...Object.fromEntries(Object.entries(conditions).map(([key, value]) => [key.toLowerCase(), value])),
  };
  return { principal: service ?? arn, action, resource, context };
}

const PLAIN = new Set(['s3', 'sqs', 'sts', 'cloudformation', 'iam']);

function denied({ name, http }: Denying, message: string): AwsError {
  if (name === 'sns') return new AwsError('AuthorizationError', message, 403);
  return PLAIN.has(name)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, http ? 403 : 400);
}
