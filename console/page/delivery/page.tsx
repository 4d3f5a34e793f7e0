import { useEffect, useState } from 'react';
import type { DeliveryAnswer, MachineAnswer, UnmatchedAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { shortRef } from '../parts/format.ts';
import { wordsOf } from '../parts/outcome.tsx';
import { Loading, Problem } from '../parts/states.tsx';
import { Facts } from './facts.tsx';
import { Graph } from './graph.tsx';
import { Heading } from './heading.tsx';
import { runs, telling } from './path.ts';
import { State } from './state.tsx';
import { Steps } from './steps.tsx';
import { Timeline } from './timeline.tsx';
import { Unmatched } from './unmatched.tsx';
import '../styles/delivery.css';

const RUNNING_MS = 600;
// What has ended may be redriven, and its pipeline goes on.
const ENDED_MS = 3000;

/** One delivery: its path through the machine, live. */
export default function DeliveryPage({ id }: { readonly id: string }) {
  const [every, setEvery] = useState(RUNNING_MS);
  const { value, failure, refresh } = useLive<DeliveryAnswer | UnmatchedAnswer>(
    `deliveries/${encodeURIComponent(id)}`,
    every,
  );
  const running = !value || ('execution' in value && runs(value));
  useEffect(() => setEvery(running ? RUNNING_MS : ENDED_MS), [running]);
  const title = value && titleOf(value.row);
  useEffect(() => {
    if (title) document.title = `${title} · Hookline`;
  }, [title]);
  if (!value)
    return failure ? <Problem failure={failure} retry={refresh} /> : <Loading what="Loading the delivery" />;
  if (!('execution' in value)) return <Unmatched delivery={value} late={failure?.message} />;
  return <Delivery delivery={value} changed={refresh} late={failure?.message} />;
}

/** `Pull failed · acme/site main`: several tabs are told apart by it. */
const titleOf = ({ outcome, repository, event, ref }: DeliveryAnswer['row']): string =>
  `${wordsOf(outcome)} · ${[repository || event, shortRef(ref)].filter((word) => word !== '').join(' ')}`;

interface Props {
  readonly delivery: DeliveryAnswer;
  /** something was done with it */
  readonly changed: () => void;
  /** why what is shown may be out of date */
  readonly late: string | undefined;
}

function Delivery({ delivery, changed, late }: Props) {
  const { row, steps, execution, timeline } = delivery;
  const [chosen, choose] = useState<number>();
  const { value: machine } = useLive<MachineAnswer>(
    `machine?execution=${encodeURIComponent(execution.arn)}`,
    0,
  );
  const selected = chosen ?? telling(steps);
  const step = steps[selected];
  const selectState = (name: string): void => choose(steps.findLastIndex((each) => each.name === name));
  return (
    <article className="delivery" aria-label={`${row.repository} ${shortRef(row.ref)}`}>
      <Heading delivery={delivery} changed={changed} late={late} />
      <Facts delivery={delivery} />
      <div className="delivery-path">
        <Steps steps={steps} selected={selected} select={choose} />
        <Graph machine={machine} steps={steps} selected={step?.name} select={selectState} />
        {step && <State key={selected} id={row.id} step={step} index={selected} />}
      </div>
      <Timeline events={timeline} />
    </article>
  );
}
