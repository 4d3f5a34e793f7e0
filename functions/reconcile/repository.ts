import { HostRests } from '../../events/host-rest.ts';
import { statusOf } from '../../events/http-status.ts';
import { administrations } from '../../events/providers/administrations.ts';
import { HostRefused } from '../../events/request-reader.ts';
import type { Behind } from '../../statemachine/reconcile.ts';
import { advertisedRefs } from './advertised-refs.ts';
import { redeliverFailed, type Tell } from './failed-deliveries.ts';
import { deliveriesOf, startDelivery } from './found-push.ts';
import { asRest } from './host-rest.ts';
import type { KnownHost } from './known-host.ts';
import type { KnownRepository } from './known-refs.ts';
import { keepLook, readLook } from './look-record.ts';
import type { Mode } from './mode.ts';
import { nextLook, settle } from './tips.ts';

// Most deliveries are done by then. One that takes longer has its commit pulled twice, and started once.
const PATIENCE_MS = 10 * 60_000;
/** Of one repository at most so many refs are told of in a run: the others wait for the next. */
const MOST_REFS = 50;

/** Starts a delivery for each rule of a ref that has another commit than its pointer. */
export async function lookAtRefs(
  host: KnownHost,
  known: KnownRepository,
  { dryRun, patient }: Mode,
  tell: Tell,
): Promise<Behind[]> {
  const of = `${host.name}/${known.fullName}`;
  const tips = await advertisedRefs(host, known.fullName);
  const now = Date.now();
  const look = nextLook(await readLook(of), tips, known.published, new Date(now).toISOString());
  // The time of the find is a part of the delivery's id, so that it is kept first.
  if (!dryRun) await keepLook(of, look);
  const due = Object.entries(look.waiting).filter(
    ([, { since }]) => !patient || now - Date.parse(since) >= PATIENCE_MS,
  );
  if (due.length === 0) return [];
  const api = await host.api(known.fullName, 'read');
  const described = await administrations[host.settings.provider].repository(api, known.fullName);
  // Its pointers are those of a name that nobody pushes to any more.
  const isRenamed = described.full_name !== known.fullName;
  const told = isRenamed ? due : due.slice(0, MOST_REFS);
  if (isRenamed)
    tell.problem(
      `${known.fullName} is called ${described.full_name} on the host: what is pushed there is looked for once a delivery has named it`,
    );
  if (told.length < due.length)
    tell.problem(`${due.length - told.length} further refs that may be behind wait for the next look`);
  const found = isRenamed
    ? []
    : told.flatMap(([ref, { since, before = '' }]) =>
        deliveriesOf({ host, known, described, ref, tip: tips.get(ref), before, since }),
      );
  if (!dryRun) {
    for (const each of found) await startDelivery(each);
    const refs = told.map(([ref]) => ref);
    await keepLook(of, settle(look, refs));
  }
  return found.map(({ behind }) => behind);
}

/**
 * Has the host send again what failed at the door.
 * Only an operator is told of webhooks that the token may not see.
 * @param of the repository, or its owner
 * @returns whether the host has answered for them: an App may not for a repository that it is not installed for
 */
export async function lookAtHooks(
  host: KnownHost,
  { of, repository }: { readonly of: string; readonly repository: string },
  mode: Mode,
  tell: Tell,
): Promise<boolean> {
  try {
    const api = await host.api(repository, of === repository ? 'repository hooks' : 'organisation hooks');
    const hooks = administrations[host.settings.provider].hooks(api, of);
    await redeliverFailed({ host, of, hooks, mode, tell });
  } catch (error) {
    if (asRest(host.name, error) instanceof HostRests) throw error;
    // An App has a webhook of its own, and seldom the permission for others.
    if (error instanceof HostRefused) return false;
    if (!mode.patient || !mayNotSee(error)) throw error;
  }
  return true;
}

/** The same of the webhook of the host's App. */
export async function lookAtAppHook(host: KnownHost, mode: Mode, tell: Tell): Promise<void> {
  if (!host.asApp) return;
  const hooks = administrations[host.settings.provider].appHooks(await host.asApp());
  await redeliverFailed({ host, of: 'the App', hooks, mode, tell });
}

/** GitHub answers 403 or 404 for what a token may not see, and 404 for an owner who is no organisation. */
function mayNotSee(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [403, 404].includes(statusOf(cause));
}
