import { useState } from 'react';
import type { ArchiveAnswer, RulesAnswer } from '../../api.ts';
import { useAddress } from '../address.ts';
import { useLive } from '../api/use-live.ts';
import { size } from '../parts/format.ts';
import { Loading, Problem } from '../parts/placeholders.tsx';
import { askedReplay } from './address.ts';
import { Forecast } from './forecast.tsx';
import { PastReplays } from './past-replays.tsx';
import { Rules } from './rules.tsx';
import { SpanFields } from './span-fields.tsx';
import { StartReplay } from './start-replay.tsx';
import { firstPreset, isoOf, rangeOf, rangeOfText } from './time.ts';
import { Timeline } from './timeline.tsx';
import { useForecast } from './use-forecast.ts';
import { useSpanPlan } from './use-plan.ts';

/** The form of a new replay: a span of time, and the rules that get the span's events. */
export function NewReplay() {
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
          <PastReplays />
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
  const { searchParams } = useAddress();
  const [asked] = useState(() => askedReplay(searchParams));
  const [first] = useState(() => firstPreset(since));
  const plan = useSpanPlan(rangeOf(first, since), first, asked && rangeOfText(asked));
  const [chosen, choose] = useState<readonly string[]>(names.filter((name) => name === asked?.rule));
  const span = isoOf(plan.selection);
  // Of all rules, so that a reader sees which to choose.
  const { state, begin } = useForecast({ ...span, rules: [] });
  return (
    <form className="replay" onSubmit={(event) => event.preventDefault()}>
      <Facts archive={archive} />
      <fieldset className="box">
        <legend>When the events came</legend>
        <Timeline plan={plan} since={since} />
        <SpanFields plan={plan} />
      </fieldset>
      <Rules names={names} chosen={chosen} forecast={state.result} choose={choose} />
      <Forecast state={state} begin={begin}>
        <StartReplay
          request={{ ...span, rules: chosen }}
          forecast={state}
          count={begin}
          isAsked={asked !== undefined && chosen.length > 0}
        />
      </Forecast>
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
