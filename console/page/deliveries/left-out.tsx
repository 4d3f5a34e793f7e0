import type { RedeliveriesAnswer } from '../../api.ts';
import { NextStep } from '../parts/next-step.tsx';
import { wordsOf } from '../parts/outcome-words.ts';

interface Props {
  readonly inVain: RedeliveriesAnswer['inVain'];
  readonly force: boolean;
  readonly setForce: (force: boolean) => void;
}

/** The deliveries that would end as before: how many, why, what to do instead, and a switch that runs them all the same. */
export function LeftOut({ inVain, force, setForce }: Props) {
  const all = leftOutCount(inVain);
  if (all === 0) return null;
  return (
    <section className="left-out" aria-label="Would end as before">
      {inVain.map(({ outcome, reason, count, next }) => (
        <div key={`${outcome} ${reason}`}>
          <p>
            <b>{`${count.toLocaleString('en')} ${wordsOf(outcome)}`}</b>
            {`: would end as before, as ${reason}.`}
          </p>
          {next && <NextStep next={next} />}
        </div>
      ))}
      <label>
        <input type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} />{' '}
        {`Run ${all === 1 ? 'it' : `these ${all.toLocaleString('en')}`} all the same`}
      </label>
    </section>
  );
}

export const leftOutCount = (inVain: RedeliveriesAnswer['inVain']): number =>
  inVain.reduce((all, { count }) => all + count, 0);
