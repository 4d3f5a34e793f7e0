import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.ts';

/** What has a pipeline of its own: each branch, or each pull request. */
export const EACH = ['branch', 'pull-request'] as const;

export type Each = (typeof EACH)[number];

// CodePipeline's limit of a name.
const MAX_LENGTH = 100;
const HASH_LENGTH = 6;

/** The longest name of a template, so that 12 characters are left for the branch. */
export const MAX_TEMPLATE_LENGTH = MAX_LENGTH - HASH_LENGTH - 2 - 12;

/** The end of every such name: what is listed by it may be ours, and its tags say whether. */
export const BRANCH_PIPELINE_END = new RegExp(`-[0-9a-f]{${HASH_LENGTH}}$`);

type Named = Pick<Delivery, 'host' | 'repository' | 'ref' | 'pullRequest'>;

/**
 * The name of the pipeline that a branch or a pull request has of its own, or why there can be none:
 * `acme-app-feature-login-3fa2c1`. The hash tells branches apart whose names are alike, and those of other repositories.
 */
export function branchPipelineName(
  template: string,
  each: Each,
  delivery: Named,
): { readonly name: string } | { readonly problem: string } {
  const short = each === 'branch' ? branchOf(delivery) : requestOf(delivery);
  if (short === undefined)
    return {
      problem: `the pipelines of ${template} are one for each ${each}, which ${delivery.ref ?? 'the delivery'} is not`,
    };
  const hash = createHash('sha256')
    .update(`${delivery.host}/${delivery.repository?.fullName ?? ''} ${short}`)
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const room = MAX_LENGTH - template.length - hash.length - 2;
  return { name: [template, slugOf(short, room), hash].filter((part) => part !== '').join('-') };
}

function branchOf({ ref = '' }: Named): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

const requestOf = ({ pullRequest }: Named): string | undefined => pullRequest && `pr ${pullRequest.number}`;

/** The letters and digits of a name, with hyphens between them. */
function slugOf(name: string, room: number): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-/, '').slice(0, room).replace(/-$/, '');
}
