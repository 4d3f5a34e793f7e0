import { ADMINISTRATOR } from '../account-and-region.ts';
import { type Request, type Side, type Verdict, verdictOf } from './evaluate.ts';
import { counted, type GrantObserver, grantsFor, type Policy } from './grants.ts';

/** The policies by their ids. */
export interface Registered {
  readonly trusts: Map<string, Policy>;
  readonly identities: Map<string, Policy>;
  readonly resources: Map<string, Policy>;
}

/** Says of a request whether policies let it through, deny it, or say nothing, so that it is refused as well. */
export interface Decide {
  judge(request: Request): Verdict;
  /** of the request to assume the role that is its resource */
  judgeAssuming(request: Request): Verdict;
}

export function decideBy({ trusts, identities, resources }: Registered, observer?: GrantObserver): Decide {
  const standing = (policies: Map<string, Policy>, name: string): Policy[] => {
    const all = [...policies.values()].filter((policy) => policy.of.includes(name));
    const counts = observer?.counts?.bind(observer);
    return counts ? all.map((policy) => counted(policy, counts)) : all;
  };
  const judge = (request: Request): Verdict => {
    const { principal, resource } = request;
    const [own, others] = [standing(identities, principal), standing(resources, owner(resource))];
    const [mine, theirs] = [ask(own, request, 'caller'), ask(others, request, 'resource')];
    if (mine === 'denied' || theirs === 'denied') return 'denied';
    if (principal === ADMINISTRATOR) return 'allowed';
    const byOwn = mine === 'allowed' && trusts.has(principal);
    const byOthers = theirs === 'allowed' && (trusts.has(principal) || !isRole(principal));
    if (byOwn || byOthers)
      observer?.allowed?.(request, [
        ...grantsFor(own, request, 'caller'),
        ...grantsFor(others, request, 'resource'),
      ]);
    return byOwn || byOthers ? 'allowed' : 'silent';
  };
  /** A role is assumed by whom it trusts, and by another role only if that may assume it. */
  const judgeAssuming = (request: Request): Verdict => {
    const own = isRole(request.principal) ? standing(identities, request.principal) : undefined;
    const trust = standing(trusts, request.resource);
    const asked = { ...request, resource: '*' };
    const verdicts = [own ? ask(own, request, 'caller') : 'allowed', ask(trust, asked, 'trust')];
    const refused =
      verdicts.find((verdict) => verdict === 'denied') ?? verdicts.find((verdict) => verdict !== 'allowed');
    if (refused) return refused;
    if (own) observer?.allowed?.(request, grantsFor(own, request, 'caller'));
    observer?.allowed?.(request, grantsFor(trust, asked, 'trust'));
    return 'allowed';
  };
  return { judge, judgeAssuming };
}

const isRole = (principal: string): boolean => principal.startsWith('arn:') && principal !== ADMINISTRATOR;

function ask(policies: readonly Policy[], request: Request, side: Side): Verdict {
  return verdictOf(
    policies.flatMap(({ statements }) => statements),
    request,
    side,
  );
}

/** Stands for every log group: the account has their policies, and each statement names its groups. */
export const LOG_GROUPS = 'arn:aws:logs:';

/** The resource that has the policy: the bucket of an object, the function of a version. */
export function owner(resource: string): string {
  if (resource.startsWith(LOG_GROUPS)) return LOG_GROUPS;
  if (resource.startsWith('arn:aws:s3:::')) return resource.replace(/\/.*$/s, '');
  const [, functionArn] = /^(arn:aws:lambda:[^:]*:[^:]*:function:[^:]+)/.exec(resource) ?? [];
  return functionArn ?? resource;
}
