import type { OverviewAnswer } from '../../api.ts';
import { clockTime } from '../parts/use-clock.ts';

type Counts = OverviewAnswer['counts'];

// From the bottom up: what failed stands where it is seen first.
const ENDINGS = [
  'failed',
  'stopped',
  'running',
  'done',
  'quiet',
] as const satisfies readonly (keyof Counts)[];
const HEIGHT = 100;
// The part of its share of the width that a bar fills, so that there are gaps between bars.
const BAR_SHARE = 0.82;

/** A bar for each part of the span, with a piece for each way to end. */
export function Bars({ parts, from, to }: Pick<OverviewAnswer, 'parts' | 'from' | 'to'>) {
  const most = Math.max(1, ...parts.map(totalOf));
  const words = `Runs from ${clockTime(from)} to ${clockTime(to)}: at most ${Math.max(0, ...parts.map(totalOf))} in a part`;
  return (
    <figure className="bars">
      <svg viewBox={`0 0 ${parts.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
        {parts.map((counts, part) => (
          <Bar key={part} part={part} counts={counts} scale={HEIGHT / most} />
        ))}
      </svg>
      <figcaption>
        <span>{clockTime(from)}</span>
        <span className="bars-legend">
          {ENDINGS.map((ending) => (
            <span key={ending} className={ending}>
              {ending === 'quiet' ? 'need nobody' : ending}
            </span>
          ))}
        </span>
        <span>{clockTime(to)}</span>
      </figcaption>
    </figure>
  );
}

const totalOf = (counts: Counts): number => ENDINGS.reduce((sum, ending) => sum + counts[ending], 0);

function Bar({
  part,
  counts,
  scale,
}: {
  readonly part: number;
  readonly counts: Counts;
  readonly scale: number;
}) {
  let top = HEIGHT;
  return (
    <g>
      <title>{ENDINGS.map((ending) => `${ending}: ${counts[ending]}`).join(', ')}</title>
      {ENDINGS.map((ending) => {
        const height = counts[ending] * scale;
        top -= height;
        return (
          <rect
            key={ending}
            className={ending}
            x={part + (1 - BAR_SHARE) / 2}
            width={BAR_SHARE}
            y={top}
            height={height}
          />
        );
      })}
    </g>
  );
}
