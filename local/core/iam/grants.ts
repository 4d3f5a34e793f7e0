import type { Statement } from './document.ts';
import { applies, type Request, type Side } from './evaluate.ts';

/** The statements of one policy, and what has it: roles, a resource, or the role that it lets somebody assume. */
export interface Policy {
  readonly id: string;
  readonly of: readonly string[];
  readonly statements: readonly Statement[];
}

/** One action on one resource that one statement allows: the least that can be taken away. */
export interface Grant {
  /** the `Ref` of the policy in its stack; of a role's trust the role's ARN, of AWS's own policy its ARN */
  readonly policy: string;
  /** the statement's place in the policy, from 0 */
  readonly statement: number;
  /** as the statement has it: `s3:GetObject*`, or `*` for a `NotAction` */
  readonly action: string;
  /** as the statement has it: `arn:aws:s3:::bucket/*`; undefined for one that names none, as in a trust, or a `NotResource` */
  readonly resource: string | undefined;
}

/** Looks on as calls are judged, and may take grants away. */
export interface GrantObserver {
  /** hears of a call that is let through; each of the grants alone would let it */
  allowed?(request: Request, grants: readonly Grant[]): void;
  denied?(request: Request): void;
  /** whether a grant counts; all of them do unless told. Where some do not, `allowed` hears of statements by other places. */
  counts?(grant: Grant): boolean;
}

/** The grants that let a request through. */
export function grantsFor(policies: readonly Policy[], request: Request, side: Side): Grant[] {
  return policies.flatMap((policy) =>
    partsOf(policy)
      .filter(({ statement }) => applies(statement, request, side))
      .map(({ grant }) => grant),
  );
}

/** A policy without the grants that do not count. Its statements stand at other places then, one for each grant. */
export function counted(policy: Policy, counts: NonNullable<GrantObserver['counts']>): Policy {
  const denies = policy.statements.filter(({ Effect }) => Effect === 'Deny');
  const kept = partsOf(policy).filter(({ grant }) => counts(grant));
  return { ...policy, statements: [...denies, ...kept.map(({ statement }) => statement)] };
}

interface Part {
  readonly grant: Grant;
  /** what is left of the statement without its other grants */
  readonly statement: Statement;
}

/** What a policy allows, in its least parts. */
const partsOf = ({ id, statements }: Policy): Part[] =>
  statements.flatMap((statement, index) =>
    statement.Effect === 'Deny'
      ? []
      : (statement.Action ?? ['*']).flatMap((action) =>
          (statement.Resource ?? [undefined]).map((resource) => ({
            grant: { policy: id, statement: index, action, resource },
            statement: only(statement, action, resource),
          })),
        ),
  );

/** What allows everything but some actions or resources is kept whole. */
const only = (statement: Statement, action: string, resource: string | undefined): Statement => ({
  ...statement,
  ...(statement.Action && { Action: [action] }),
  ...(resource !== undefined && { Resource: [resource] }),
});
