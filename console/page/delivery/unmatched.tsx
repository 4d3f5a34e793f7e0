import type { UnmatchedAnswer } from '../../api.ts';
import { localTime, shortRef, size } from '../parts/format.ts';
import { addressOfNewReplay } from '../replay/address.ts';
import { Explanations } from '../rules/explanations.tsx';
import { FactList } from './facts.tsx';
import { HeadingOf } from './heading.tsx';

interface Props {
  readonly delivery: UnmatchedAnswer;
  readonly staleReason: string | undefined;
}

/** A delivery that no rule took: what its record has, and why each rule does not match it. */
export function Unmatched({ delivery, staleReason }: Props) {
  const { row, bytes, explanations } = delivery;
  return (
    <article className="delivery" aria-label={`${row.repository} ${shortRef(row.ref)}`}>
      <HeadingOf delivery={delivery} staleReason={staleReason} />
      <p className="hint">
        No rule took it, so that its signature was not checked either: what stands here is not verified.
      </p>
      <FactList
        facts={[
          ['Event', `${row.event} from ${row.host}`],
          ['Repository', row.repository],
          ['Ref', row.ref],
          ['Delivery', row.deliveryId, undefined, row.deliveryId],
          ['Received', localTime(row.receivedAt)],
          ['Size', bytes > 0 ? size(bytes) : ''],
        ]}
      />
      <Explanations
        explanations={explanations}
        replayTo={(rule) => addressOfNewReplay({ ...secondOf(row.receivedAt), rule })}
      />
    </article>
  );
}

/** The second in which a delivery came. The archive is replayed by time, and keeps no finer ones. */
function secondOf(receivedAt: string): { readonly from: string; readonly to: string } {
  const from = Date.parse(receivedAt);
  return { from: new Date(from).toISOString(), to: new Date(from + 1000).toISOString() };
}
