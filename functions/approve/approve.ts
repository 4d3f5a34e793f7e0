import * as z from 'zod';
import { askedOf } from '../../events/asked.ts';
import { filterChange } from '../../events/change-filter.ts';
import { type Delivery, deliverySchema } from '../../events/delivery.ts';
import { payloadValues } from '../../events/payload-values.ts';
import { deliveryFor } from '../../events/pull-request-route.ts';
import type { HostRequest } from '../../events/request-reader.ts';
import { ruleOptionsSchema } from '../../events/rule.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { askHost } from '../shared/host-api.ts';

/** The machine's `$` with an approval, of which everything else goes on as it is. */
export const approvalStateSchema = z.looseObject({
  delivery: deliverySchema.required({ repository: true, approval: true }),
  rule: ruleOptionsSchema,
  values: z.record(z.string(), z.string()).default({}),
});

type ApprovalState = z.infer<typeof approvalStateSchema>;

/** The machine's `$` from then on. */
type Approved = Omit<ApprovalState, 'delivery'> & { readonly delivery: Delivery };

/**
 * Asks the host whether the sender may have the commit of a fork's request built: the request must be at that very commit,
 * and the sender must have write permission. What the payload says of either is not enough: the one may be old, and the
 * other is no permission.
 * @returns the machine's `$` with the request as the host has it. Throws `NotApproved`.
 */
export async function approve(state: ApprovalState): Promise<Approved> {
  const { delivery, rule } = state;
  const { approval, repository, host, sender = '' } = delivery;
  const { request, mayWrite } = await askHost(host, repository.fullName, async (reader, api) => ({
    request: await reader.read(api, repository.fullName, approval.number),
    mayWrite: sender !== '' && (await reader.mayWrite(api, repository.fullName, sender)),
  }));
  if (!mayWrite)
    throw refused(
      `${sender || 'nobody'} has no write permission for ${repository.fullName}, and approves nothing`,
    );
  refuseOther(request, approval.commit);
  const pullRequest = { ...request.pullRequest, action: delivery.pullRequest?.action ?? 'approved' };
  const approved = deliveryFor(rule, { ...delivery, pullRequest });
  return {
    ...state,
    delivery: approved,
    asked: askedOf(rule, filterChange(rule, approved, { changed: undefined })?.open ?? []),
    values: { ...state.values, ...requestValues(state, request) },
  };
}

/** A request that is not the one that was approved. */
function refuseOther({ open, pullRequest: { number, fork, head } }: HostRequest, commit: string): void {
  if (!open) throw refused(`pull request ${number} is closed`);
  if (!fork)
    throw refused(`pull request ${number} comes from the repository itself, and is built without approval`);
  if (head.commit !== commit)
    throw refused(
      `pull request ${number} is at ${head.commit}, and not at ${commit}: look at what has changed, and approve that commit`,
    );
}

const refused = (message: string): HooklineError => new HooklineError(errors.notApproved, message);

/** A comment's payload has no `pull_request`: what the rule's templates name of one comes from the host's answer. */
function requestValues({ rule }: ApprovalState, { raw, pullRequest: { number } }: HostRequest) {
  const values = payloadValues(rule, { number, pull_request: raw });
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
