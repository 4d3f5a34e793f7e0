import { AwsError } from '../aws-error.ts';
import type { Call, Check, PolicyRegister, Service } from '../cloud.ts';
import { accessOf } from './access.ts';
import type { Statement } from './document.ts';
import { type Request, type Verdict, verdictOf } from './evaluate.ts';

/** The policies of the stacks, by which each call is let through or denied. */
export interface Policies extends PolicyRegister {
  readonly check: Check;
}

interface Policy {
  readonly of: readonly string[];
  readonly statements: readonly Statement[];
}

/** @param warn hears once of each action that is denied to somebody */
export function policiesOf(warn: (message: string) => void): Policies {
  const trusts = new Map<string, readonly Statement[]>();
  const identities = new Map<string, Policy>();
  const resources = new Map<string, Policy>();
  const warned = new Set<string>();
  const of = (policies: Map<string, Policy>, name: string): Statement[] =>
    [...policies.values()].flatMap((policy) => (policy.of.includes(name) ? policy.statements : []));

  const allows = (request: Request): boolean => {
    const { principal, action, resource } = request;
    const own = verdictOf(of(identities, principal), request, true);
    if (action === 'sts:AssumeRole') return assumes(request, own);
    const others = verdictOf(of(resources, owner(resource)), request, false);
    if (own === 'denied' || others === 'denied') return false;
    if (!principal.startsWith('arn:')) return others === 'allowed';
    return trusts.has(principal) && (own === 'allowed' || others === 'allowed');
  };
  /** A principal may assume a role that trusts it and that its own policies allow. */
  const assumes = (request: Request, own: Verdict): boolean =>
    own === 'allowed' &&
    verdictOf(trusts.get(request.resource) ?? [], { ...request, resource: '*' }, false) === 'allowed';

  const deny = (service: Service, request: Request): AwsError => {
    const { principal, action, resource } = request;
    const message = `${principal} is not authorized to perform ${action} on ${resource}: no policy of the template allows it`;
    const kind = `${principal} ${action}`;
    if (!warned.has(kind)) warn(message);
    warned.add(kind);
    return denied(service, message);
  };

  return {
    trust: (roleArn, statements) => void trusts.set(roleArn, statements),
    identity: (id, roleArns, statements) => void identities.set(id, { of: roleArns, statements }),
    resource: (id, arns, statements) => void resources.set(id, { of: arns.map(owner), statements }),
    remove: (id) => {
      identities.delete(id);
      resources.delete(id);
      trusts.delete(id);
    },
    check: (service, operation, input, call) => {
      const { arn, service: acting } = call.principal;
      const assumed = service.name === 'sts' && operation === 'AssumeRole';
      const isAccount = acting === undefined && arn.endsWith(':root');
      if ((isAccount && !assumed) || OPEN.has(`${service.name}:${operation}`)) return;
      // AWS's services send events of their own to EventBridge without a policy.
      if (acting !== undefined && service.name === 'events' && operation === 'PutEvents') return;
      const given = service.operations[operation]?.access?.(input);
      for (const { action, resource } of given ?? accessOf(service.name, operation, input)) {
        if (assumed && !trusts.has(resource)) throw noRole(resource);
        const named = `${service.name}:${action}`;
        const request = { principal: acting ?? arn, action: named, resource, context: contextOf(call) };
        if (!isAccount && !allows(request)) throw deny(service, request);
      }
    },
  };
}

// AWS asks for no permission.
const OPEN = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken']);

const noRole = (arn: string): AwsError =>
  new AwsError('AccessDenied', `the role ${arn} cannot be assumed: no stack makes it`, 403);

/** The loopback interface stands for TLS. */
function contextOf({ principal: { arn, service, source } }: Call): Record<string, string> {
  const account = arn.split(':')[4] ?? '';
  return {
    'aws:securetransport': 'true',
    ...(service === undefined && { 'aws:principalarn': arn, 'aws:principalaccount': account }),
    ...(source !== undefined && { 'aws:sourcearn': source, 'aws:sourceaccount': account }),
  };
}

/** Stands for every log group: the account has their policies, and each statement names its groups. */
export const LOG_GROUPS = 'arn:aws:logs:';

/** The resource that has the policy: the bucket of an object, the function of a version. */
function owner(resource: string): string {
  if (resource.startsWith(LOG_GROUPS)) return LOG_GROUPS;
  if (resource.startsWith('arn:aws:s3:::')) return resource.replace(/\/.*$/s, '');
  const [, functionArn] = /^(arn:aws:lambda:[^:]*:[^:]*:function:[^:]+)/.exec(resource) ?? [];
  return functionArn ?? resource;
}

const PLAIN = new Set(['s3', 'sqs', 'sts', 'cloudformation']);

function denied(service: Service, message: string): AwsError {
  return PLAIN.has(service.name)
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, service.http ? 403 : 400);
}
