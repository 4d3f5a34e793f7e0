import type { Delivery } from '../../events/delivery.ts';
import { isLoopback } from '../../events/hosts.ts';
import { providerNamed } from '../../events/providers/index.ts';
import type { Connection } from '../connection/connection.ts';
import { type GitHost, gitHosts } from '../hosts/hosts.ts';
import { readEvent } from '../rules/verdict.ts';
import { eventOf } from './event.ts';
import type { DeliveryRow } from './row.ts';

/** What a verified payload tells of the delivered commit, and where the host shows it. */
export interface CommitOfDelivery {
  /** the first line of the message, `''` when the payload has no message */
  readonly subject: string;
  readonly author: string;
  /** the files that the push changed; absent when the payload does not list them */
  readonly changed?: readonly string[] | undefined;
  readonly pages: HostPages;
}

/** The addresses at which the git host shows them. */
export interface HostPages {
  readonly commit?: string;
  /** what the push changed */
  readonly compare?: string;
  /** the pull request */
  readonly request?: string;
  /** the files of the branch or the tag */
  readonly tree?: string;
}

/** @returns undefined for a delivery that was not verified, or was too large for an execution's input */
export async function commitOf(
  connection: Connection,
  row: DeliveryRow,
): Promise<CommitOfDelivery | undefined> {
  const event = row.verified ? await eventOf(connection, row) : undefined;
  const read = event && readEvent(event);
  if (!read || 'malformed' in read) return undefined;
  const { delivery, changed } = read;
  const { provider, payload } = event.detail;
  const { subject = '', author = '' } = providerNamed(provider).headCommit(payload) ?? {};
  const host = (await gitHosts(connection)).find(({ name }) => name === row.host);
  return { subject, author, changed, pages: host ? pagesOf(host, delivery) : {} };
}

const BRANCH_OR_TAG = /^refs\/(?:heads|tags)\/(.+)$/;

/** The addresses are built from the host's setting, never read from a payload. The built-in git host has no pages. */
export function pagesOf(
  { url, provider }: Pick<GitHost, 'url' | 'provider'>,
  { repository, ...delivery }: Delivery,
): HostPages {
  if (!repository || isLoopback(url)) return {};
  const { ref, deleted, before, pullRequest, approval, commit = pullRequest?.head.commit } = delivery;
  const number = pullRequest?.number ?? approval?.number;
  // What is deleted has no page any more.
  const name = deleted ? undefined : ref?.match(BRANCH_OR_TAG)?.[1];
  const pages = providerNamed(provider).pagesOf(`${url}/${repository.fullName}`);
  return {
    ...(commit ? { commit: pages.commit(commit) } : {}),
    ...(before && commit ? { compare: pages.compare(before, commit) } : {}),
    ...(number ? { request: pages.request(number) } : {}),
    ...(name ? { tree: pages.tree(name) } : {}),
  };
}
