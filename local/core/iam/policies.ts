import { AwsError } from '../aws-error.ts';
import type { Access, Check, PolicyRegister, Principal, Service } from '../cloud.ts';
import { accessOf } from './access.ts';
import { type Request, type Side, type Verdict, verdictOf } from './evaluate.ts';
import { counted, type GrantObserver, grantsFor, type Policy } from './grants.ts';

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
  const trusts = new Map<string, Policy>();
  const identities = new Map<string, Policy>();
  const resources = new Map<string, Policy>();
  const warned = new Set<string>();

  const standing = (policies: Map<string, Policy>, name: string): Policy[] => {
    const all = [...policies.values()].filter((policy) => policy.of.includes(name));
    const counts = observer?.counts?.bind(observer);
    return counts ? all.map((policy) => counted(policy, counts)) : all;
  };
  const ask = (policies: readonly Policy[], request: Request, side: Side): Verdict =>
    verdictOf(
      policies.flatMap(({ statements }) => statements),
      request,
      side,
    );

  const allows = (request: Request): boolean => {
    const { principal, resource } = request;
    const [own, others] = [standing(identities, principal), standing(resources, owner(resource))];
    const [mine, theirs] = [ask(own, request, 'caller'), ask(others, request, 'resource')];
    if (mine === 'denied' || theirs === 'denied') return false;
    const byOwn = mine === 'allowed' && trusts.has(principal);
    const byOthers = theirs === 'allowed' && (trusts.has(principal) || !principal.startsWith('arn:'));
    if (byOwn || byOthers)
      observer?.allowed?.(request, [
        ...grantsFor(own, request, 'caller'),
        ...grantsFor(others, request, 'resource'),
      ]);
    return byOwn || byOthers;
  };

  /** A role is assumed by whom it trusts, and by another role only if that may assume it. */
  const assumes = (request: Request): boolean => {
    const own = standing(identities, request.principal);
    const trust = standing(trusts, request.resource);
    const asked = { ...request, resource: '*' };
    const isRole = request.principal.startsWith('arn:');
    if (isRole && ask(own, request, 'caller') !== 'allowed') return false;
    if (ask(trust, asked, 'trust') !== 'allowed') return false;
    if (isRole) observer?.allowed?.(request, grantsFor(own, request, 'caller'));
    observer?.allowed?.(request, grantsFor(trust, asked, 'trust'));
    return true;
  };

  const deny = (service: Pick<Service, 'name' | 'http'>, request: Request): AwsError => {
    const { principal, action, resource } = request;
    const message = `${principal} is not authorized to perform ${action} on ${resource}: no policy of the template allows it`;
    const kind = `${principal} ${action}`;
    if (!warned.has(kind)) warn(message);
    warned.add(kind);
    observer?.denied?.(request);
    return denied(service, message);
  };

  const assume = (roleArn: string, by: Principal): void => {
    if (!trusts.has(roleArn)) throw noRole(roleArn);
    if (isAccount(by)) return;
    const request = requestOf(by, 'sts:AssumeRole', { action: '', resource: roleArn });
    if (!assumes(request)) throw deny({ name: 'sts' }, request);
  };

  return {
    assume,
    allows: (principal, action, resource) =>
      isAccount(principal) || allows(requestOf(principal, action, { action, resource })),
    trust: (roleArn, statements) => void trusts.set(roleArn, { id: roleArn, of: [roleArn], statements }),
    identity: (id, roleArns, statements) => void identities.set(id, { id, of: roleArns, statements }),
    resource: (id, arns, statements) => void resources.set(id, { id, of: arns.map(owner), statements }),
    remove: (id) => {
      for (const policies of [identities, resources, trusts]) policies.delete(id);
    },
    check: (service, operation, input, { principal }) => {
      const given = service.operations[operation]?.access?.(input);
      const needed = given ?? accessOf(service.name, operation, input);
      if (service.name === 'sts' && operation === 'AssumeRole') {
        for (const { resource } of needed) assume(resource, principal);
        return;
      }
      if (isAccount(principal) || OPEN.has(`${service.name}:${operation}`)) return;
      // AWS’s services send events of their own to EventBridge without a policy.
      if (principal.service !== undefined && service.name === 'events' && operation === 'PutEvents') return;
      for (const access of needed) {
        const { action } = access;
        const request = requestOf(
          principal,
          action.includes(':') ? action : `${service.name}:${action}`,
          access,
        );
        if (!allows(request)) throw deny(service, request);
      }
    },
  };
}

// AWS asks for no permission.
const OPEN = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken']);

const isAccount = ({ arn, service }: Principal): boolean => service === undefined && arn.endsWith(':root');

const noRole = (arn: string): AwsError =>
  new AwsError('AccessDenied', `the role ${arn} cannot be assumed: no stack makes it`, 403);

/** The loopback interface stands for TLS. */
function requestOf(
  { arn, service, source }: Principal,
  action: string,
  { resource, passedTo }: Access,
): Request {
  const account = arn.split(':')[4] ?? '';
  const context = {
    'aws:securetransport': 'true',
    ...(service === undefined && { 'aws:principalarn': arn, 'aws:principalaccount': account }),
    ...(source !== undefined && { 'aws:sourcearn': source, 'aws:sourceaccount': account }),
    ...(passedTo !== undefined && { 'iam:passedtoservice': passedTo }),
  };
  return { principal: service ?? arn, action, resource, context };
}

/** The resource that has the policy: the bucket of an object, the function of a version. */
function owner(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.replace(/\/.*$/s, '');
  const [, functionArn] = /^(arn:aws:lambda:[^:]*:[^:]*:function:[^:]+)/.exec(resource) ?? [];
  return functionArn ?? resource;
}

const PLAIN = new Set(['s3', 'sqs', 'sts', 'cloudformation']);

function denied({ name, http }: Pick<Service, 'name' | 'http'>, message: string): AwsError {
  return PLAIN.has(name)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, http ? 403 : 400);
}
