import type { RuleCountsAnswer } from '../../api.ts';
import { Link } from '../parts/link.tsx';

const HEIGHT = 36;
const STEP = 14;
const BAR = 10;

interface Props {
  readonly rule: string;
  /** undefined until the server has counted */
  readonly counted: RuleCountsAnswer | undefined;
}

/** How often a rule matched, in total and on each day. The place is kept free while the server counts. */
export function Counts({ rule, counted }: Props) {
  const { days = [], more = false } = counted ?? {};
  const counts = counted?.counts[rule] ?? days.map(() => 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <div className="counts">
      <p>
        <Link to={`/?rule=${encodeURIComponent(rule)}&since=7d&all=true`}>
          <strong>{counted ? `${more ? 'more than ' : ''}${total.toLocaleString('en')}` : '…'}</strong>{' '}
          {total === 1 && !more ? 'match' : 'matches'}
        </Link>{' '}
        in 7 days
      </p>
      <Bars days={days} counts={counts} />
    </div>
  );
}

function Bars({ days, counts }: { readonly days: readonly string[]; readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const words = days.map((day, index) => `${day}: ${counts[index] ?? 0}`).join(', ');
  return (
    <svg
      className="day-bars"
      width={7 * STEP}
      height={HEIGHT}
      role="img"
      aria-label={words || 'Being counted'}
    >
      <title>{words}</title>
      {days.map((day, index) => {
        const count = counts[index] ?? 0;
        // A day without a match keeps a gap among the bars.
        const height = count === 0 ? 1 : Math.max(3, (count / most) * HEIGHT);
        return (
          <rect
            key={day}
            className={count === 0 ? undefined : 'lit'}
            x={index * STEP}
            y={HEIGHT - height}
            width={BAR}
            height={height}
          />
        );
      })}
    </svg>
  );
}
