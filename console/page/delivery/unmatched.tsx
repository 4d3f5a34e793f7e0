import type { UnmatchedAnswer } from '../../api.ts';
import { shortRef, size, time } from '../parts/format.ts';
import { Explained } from '../rules/explained.tsx';
import { FactList } from './facts.tsx';
import { HeadingOf } from './heading.tsx';

interface Props {
  readonly delivery: UnmatchedAnswer;
  /** why what is shown may be out of date */
  readonly late: string | undefined;
}

/** A delivery that no rule took: what its record has, and why each rule does not match it. */
export function Unmatched({ delivery, late }: Props) {
  const { row, bytes, explanations } = delivery;
  return (
    <article className="delivery" aria-label={`${row.repository} ${shortRef(row.ref)}`}>
      <HeadingOf delivery={delivery} late={late} />
      <p className="hint">
        No rule took it, so that its signature was not checked either: what stands here is not verified.
      </p>
      <FactList
        facts={[
          ['Event', `${row.event} from ${row.host}`],
          ['Repository', row.repository],
          ['Ref', row.ref],
          ['Delivery', row.deliveryId],
          ['Received', time(row.receivedAt)],
          ['Size', bytes > 0 ? size(bytes) : ''],
        ]}
      />
      <Explained found={explanations} />
    </article>
  );
}
