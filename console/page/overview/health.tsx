import type { OverviewAnswer } from '../../api.ts';
import { Mark } from '../parts/mark.tsx';

const TONES = { ok: 'good', warning: 'warn', failed: 'bad', 'not checked': 'plain' } as const;

/** The door, the queues in which a delivery may wait for somebody, and the builds. */
export function Health({ health }: Pick<OverviewAnswer, 'health'>) {
  return (
    <section aria-label="Health">
      <h2>Health</h2>
      <dl className="health">
        {health.map(({ name, result, message, advice }) => (
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
