import { useState } from 'react';
import type { UnmatchedAnswer } from '../../api.ts';
import { shortRef, size } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { clockTime } from '../parts/use-clock.ts';
import { addressOfNewReplay } from '../replay/address.ts';
import { Explanations } from '../rules/explanations.tsx';
import { FactList } from './facts.tsx';
import { HeadingOf } from './heading.tsx';

interface Props {
  readonly delivery: UnmatchedAnswer;
  readonly staleReason: string | undefined;
}

/**
 * A delivery that no rule took: what its record has, and why each rule does not match it. The rules may change while
 * somebody reads, who sees them as they were until asking for the present ones: nothing moves by itself.
 */
export function Unmatched({ delivery, staleReason }: Props) {
  const [shown, show] = useState(delivery);
  const { row, bytes, explanations } = shown;
  const isOld = JSON.stringify(explanations) !== JSON.stringify(delivery.explanations);
  return (
    <article className="delivery" aria-label={`${row.repository} ${shortRef(row.ref)}`}>
      <HeadingOf delivery={shown} staleReason={staleReason}>
        <div className="actions of-rules">
          <span role="status" className="cut">
            <Replay delivery={delivery} />
          </span>
          {isOld && (
            <button type="button" onClick={() => show(delivery)}>
              Show the rules as they are now
            </button>
          )}
        </div>
      </HeadingOf>
      <p className="hint">
        No rule took it, so that its signature was not checked either: what stands here is not verified.
      </p>
      <FactList
        facts={[
          ['Event', `${row.event} from ${row.host}`],
          ['Repository', row.repository],
          ['Ref', row.ref],
          ['Delivery', row.deliveryId, undefined, row.deliveryId],
          ['Received', clockTime(row.receivedAt)],
          ['Size', bytes > 0 ? size(bytes) : ''],
        ]}
      />
      <Explanations explanations={explanations} />
    </article>
  );
}

/** Leads to a replay of the delivery into the rule that takes it now. */
function Replay({ delivery: { row, explanations } }: Pick<Props, 'delivery'>) {
  const taking = explanations.find(({ matches }) => matches);
  if (!taking) return 'As soon as a rule takes it, it can be replayed here.';
  return (
    <Link className="button" to={addressOfNewReplay({ ...secondOf(row.receivedAt), rule: taking.rule })}>
      Replay it through {taking.rule}…
    </Link>
  );
}

/** The second in which a delivery came. The archive is replayed by time, and keeps no finer ones. */
function secondOf(receivedAt: string): { readonly from: string; readonly to: string } {
  const from = Date.parse(receivedAt);
  return { from: new Date(from).toISOString(), to: new Date(from + 1000).toISOString() };
}
