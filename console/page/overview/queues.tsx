import type { OverviewAnswer } from '../../api.ts';
import { Mark } from '../parts/mark.tsx';

const TONES = { ok: 'good', warning: 'warn', failed: 'bad', 'not checked': 'plain' } as const;

/** The queues in which a delivery may wait for somebody. */
export function Queues({ queues }: Pick<OverviewAnswer, 'queues'>) {
  return (
    <section aria-label="Queues">
      <h2>Queues</h2>
      <dl className="queues">
        {queues.map(({ name, result, message, advice }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Mark tone={TONES[result]} /> <span className={TONES[result]}>{message}</span>{' '}
              {advice && `→ ${advice}`}
            </dd>
          </div>
        ))}
      </dl>
      <p className="hint">
        <code>hookline doctor</code> looks at every other part.
      </p>
    </section>
  );
}
