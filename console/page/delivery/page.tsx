import { useEffect, useState } from 'react';
import type { DeliveryAnswer, MachineAnswer, UnmatchedAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { listAddress } from '../deliveries/list-position.ts';
import { shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { wordsOf } from '../parts/outcome-words.ts';
import { Loading, Problem } from '../parts/placeholders.tsx';
import { Facts } from './facts.tsx';
import { Files } from './files.tsx';
import { Graph } from './graph.tsx';
import { Heading } from './heading.tsx';
import { isRunning, stepToShow } from './path.ts';
import { Runs } from './runs.tsx';
import { State } from './state.tsx';
import { Steps } from './steps.tsx';
import { Timeline } from './timeline.tsx';
import { Unmatched } from './unmatched.tsx';
import { Webhook } from './webhook.tsx';
import '../styles/delivery.css';

const RUNNING_MS = 600;
// An ended execution may be redriven, and its pipeline runs on.
const ENDED_MS = 3000;

/** A delivery's page: its path through the machine, live. */
export default function DeliveryPage({ id }: { readonly id: string }) {
  const [every, setEvery] = useState(RUNNING_MS);
  const { value, failure, refresh } = useLive<DeliveryAnswer | UnmatchedAnswer>(
    `deliveries/${encodeURIComponent(id)}`,
    every,
  );
  const running = !value || ('execution' in value && isRunning(value));
  useEffect(() => setEvery(running ? RUNNING_MS : ENDED_MS), [running]);
  const title = value && titleOf(value.row);
  useEffect(() => {
    if (title) document.title = `${title} · Hookline`;
  }, [title]);
  if (!value)
    return failure ? (
      <Problem failure={failure} retry={refresh}>
        <Link to={listAddress()}>See the deliveries</Link>
      </Problem>
    ) : (
      <Loading what="Loading the delivery" />
    );
  if (!('execution' in value))
    return <Unmatched key={value.row.id} delivery={value} staleReason={failure?.message} />;
  return <Delivery delivery={value} changed={refresh} staleReason={failure?.message} />;
}

/** The title of the browser's tab: `Pull failed · acme/site main`. */
const titleOf = ({ outcome, repository, event, ref }: DeliveryAnswer['row']): string =>
  `${wordsOf(outcome)} · ${[repository || event, shortRef(ref)].filter((word) => word !== '').join(' ')}`;

interface Props {
  readonly delivery: DeliveryAnswer;
  /** called after an action on the delivery */
  readonly changed: () => void;
  /** the failure of the last poll, by which the page may be out of date */
  readonly staleReason: string | undefined;
}

function Delivery({ delivery, changed, staleReason }: Props) {
  const { row, steps, execution, timeline, runs } = delivery;
  const [chosen, choose] = useState<number>();
  const { value: machine } = useLive<MachineAnswer>(
    `machine?execution=${encodeURIComponent(execution.arn)}`,
    0,
  );
  const selected = chosen ?? stepToShow(steps);
  const step = steps[selected];
  const selectState = (name: string): void => choose(steps.findLastIndex((each) => each.name === name));
  return (
    <article className="delivery" aria-label={`${row.repository} ${shortRef(row.ref)}`}>
      <Heading delivery={delivery} changed={changed} staleReason={staleReason} />
      <Facts delivery={delivery} />
      <div className="delivery-path">
        <Steps steps={steps} selected={selected} select={choose} />
        <Graph machine={machine} steps={steps} selected={step?.name} select={selectState} />
        {step && <State key={selected} id={row.id} step={step} index={selected} />}
      </div>
      <Runs runs={runs} current={row.id} />
      <Files row={row} />
      <Webhook id={row.id} deliveryId={row.deliveryId} />
      <Timeline events={timeline} />
    </article>
  );
}
