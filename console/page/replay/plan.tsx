import { useState } from 'react';
import type { ArchiveAnswer, RulesAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { size } from '../parts/format.ts';
import { Loading, Problem } from '../parts/states.tsx';
import { Forecast } from './forecast.tsx';
import { Past } from './past.tsx';
import { Rules } from './rules.tsx';
import { SpanFields } from './span-fields.tsx';
import { firstPreset, isoOf, rangeOf } from './time.ts';
import { Timeline } from './timeline.tsx';
import { useForecast } from './use-forecast.ts';
import { usePlan } from './use-plan.ts';

/** What is to be replayed: a span of time, and the rules it goes to. */
export function Plan() {
  const archive = useLive<ArchiveAnswer>('archive', 0);
  const rules = useLive<RulesAnswer>('rules', 0);
  const failure = archive.failure ?? rules.failure;
  const refresh = (): void => {
    archive.refresh();
    rules.refresh();
  };
  return (
    <div className="page">
      <h1>Replay</h1>
      <p className="lead">Sends archived events to the bus again, as they were, to the rules you choose.</p>
      {archive.value && rules.value ? (
        <>
          <Form archive={archive.value} names={rules.value.rules.map(({ name }) => name)} />
          <Past />
        </>
      ) : failure ? (
        <Problem failure={failure} retry={refresh} />
      ) : (
        <Loading what="Looking at the archive" />
      )}
    </div>
  );
}

function Form({ archive, names }: { readonly archive: ArchiveAnswer; readonly names: readonly string[] }) {
  const since = Date.parse(archive.since);
  const [first] = useState(() => firstPreset(since));
  const plan = usePlan(rangeOf(first, since), first);
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const chosen = names.filter((name) => !without.has(name));
  const request = { ...isoOf(plan.selection), rules: chosen.length === names.length ? [] : chosen };
  const { asked, ask } = useForecast(request);
  return (
    <form className="replay" onSubmit={(event) => event.preventDefault()}>
      <Facts archive={archive} />
      <fieldset className="box">
        <legend>When the events came</legend>
        <Timeline plan={plan} since={since} />
        <SpanFields plan={plan} />
      </fieldset>
      <Rules names={names} chosen={chosen} forecast={asked.result} change={setWithout} />
      <Forecast request={request} possible={chosen.length > 0} asked={asked} ask={ask} />
    </form>
  );
}

function Facts({ archive: { name, events, bytes, retentionDays } }: { readonly archive: ArchiveAnswer }) {
  const facts = [
    ['Archive', name],
    ['Events', events.toLocaleString('en')],
    ['Size', size(bytes)],
    ['Kept', retentionDays === 0 ? 'for ever' : `${retentionDays} days`],
  ];
  return (
    <dl className="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
