import type { Statement } from './document.ts';
import { applies, type Request, type Side } from './evaluate.ts';

/** The statements of one policy, and what has it: roles, a resource, or the role that it lets somebody assume. */
export interface Policy {
  readonly id: string;
  readonly of: readonly string[];
  readonly statements: readonly Statement[];
}

/** One action that one statement allows: the least that can be taken away. */
export interface Grant {
  /** the `Ref` of the policy in its stack; of a role's trust the role's ARN, of AWS's own policy its ARN */
  readonly policy: string;
  /** the statement's place in the policy, from 0 */
  readonly statement: number;
  /** as the statement has it: `s3:GetObject*`, or `*` for a `NotAction` */
  readonly action: string;
}

/** Looks on as calls are judged, and may take grants away. */
export interface GrantObserver {
  /** hears of a call that is let through; each of the grants alone would let it */
  allowed?(request: Request, grants: readonly Grant[]): void;
  denied?(request: Request): void;
  /** whether a grant counts; all of them do unless told */
  counts?(grant: Grant): boolean;
}

/** The grants that let a request through. */
export function grantsFor(policies: readonly Policy[], request: Request, side: Side): Grant[] {
  return policies.flatMap(({ id, statements }) =>
    statements.flatMap((statement, index) =>
      statement.Effect === 'Allow'
        ? actionsOf(statement)
            .filter((action) => applies(only(statement, [action]), request, side))
            .map((action) => ({ policy: id, statement: index, action }))
        : [],
    ),
  );
}

/** A policy without the grants that do not count. */
export function counted(policy: Policy, counts: NonNullable<GrantObserver['counts']>): Policy {
  const statements = policy.statements.map((statement, index) => {
    if (statement.Effect === 'Deny') return statement;
    const kept = actionsOf(statement).filter((action) =>
      counts({ policy: policy.id, statement: index, action }),
    );
    return only(statement, kept);
  });
  return { ...policy, statements };
}

const actionsOf = ({ Action }: Statement): readonly string[] => Action ?? ['*'];

/** What allows everything but some actions is kept whole or not at all. */
function only(statement: Statement, actions: string[]): Statement {
  if (statement.Action === undefined && actions.length > 0) return statement;
  const { NotAction: _, ...rest } = statement;
  return { ...rest, Action: actions };
}
