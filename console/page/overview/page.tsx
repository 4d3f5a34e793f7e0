import { useEffect } from 'react';
import type { OverviewAnswer } from '../../api.ts';
import { navigate, useAddress } from '../address.ts';
import { pathOf } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { Loading, Problem } from '../parts/placeholders.tsx';
import { clockTime } from '../parts/use-clock.ts';
import { Bars } from './bars.tsx';
import { Causes } from './causes.tsx';
import { Groups } from './groups.tsx';
import { Health } from './health.tsx';
import { Totals } from './totals.tsx';
import '../styles/overview.css';

const SPANS = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const;
const USUAL_SPAN = '24h';
// The answer is made of up to ten thousand records.
const POLL_MS = 15_000;

/** What happened in a span of time, and what needs somebody now. */
export default function OverviewPage() {
  useEffect(() => {
    document.title = 'Overview · Hookline';
  }, []);
  const since = useAddress().searchParams.get('since') ?? USUAL_SPAN;
  const { value, failure, refresh } = useLive<OverviewAnswer>(pathOf('overview', { since }), POLL_MS);
  return (
    <article className="overview">
      <div className="overview-head">
        <h1>Overview</h1>
        <label>
          Time{' '}
          <select
            value={since}
            onChange={({ target }) => navigate(`/overview?since=${target.value}`, { replace: true })}
          >
            {SPANS.map(([span, words]) => (
              <option key={span} value={span}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <span className="quiet" role="status">
          {value?.more && `More than is counted: these are the runs since ${clockTime(value.from)}.`}
          {failure && value && `Not up to date: ${failure.message}`}
        </span>
      </div>
      {value ? (
        <Content overview={value} />
      ) : failure ? (
        <Problem failure={failure} retry={refresh} />
      ) : (
        <Loading what="Counting" />
      )}
    </article>
  );
}

function Content({ overview }: { readonly overview: OverviewAnswer }) {
  const { counts, waits, parts, causes, repositories, rules, health } = overview;
  return (
    <>
      <Totals counts={counts} waits={waits} />
      <Bars parts={parts} from={overview.from} to={overview.to} />
      <Causes causes={causes} />
      <div className="overview-groups">
        <Groups name="Repository" field="repository" groups={repositories} />
        <Groups name="Rule" field="rule" groups={rules} />
      </div>
      <Health health={health} />
    </>
  );
}
